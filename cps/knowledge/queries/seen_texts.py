"""Every text that readers see, one behind the other, for open data."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, tuple_

from cps.core.db import db
from cps.knowledge.models import Article, ArticleText
from cps.knowledge.queries.reading import AnswerRow, is_seen


@dataclass(frozen=True, slots=True)
class SeenText(AnswerRow):
    """A text that readers see, with what else a table says of it."""

    department_id: int | None
    valid_until: date | None


def seen_texts(day: date, *, after: tuple[Any, ...] | None, limit: int) -> list[SeenText]:
    """Return the texts that readers see behind (article, language), in this order."""
    columns = (
        *(Article.id, Article.slug, Article.category_id, Article.published_at),
        *(Article.department_id, Article.valid_until),
        *(ArticleText.title, ArticleText.body, ArticleText.language, ArticleText.updated_at),
    )
    rows = _behind_text(select(*columns), day, after).limit(limit)
    return [SeenText(**row) for row in db.session.execute(rows).mappings()]


def seen_text_after(day: date, after: tuple[Any, ...] | None, number: int) -> tuple[int, str] | None:
    """Return the key of the last of so many texts, where there are more; None where there are not."""
    keys = _behind_text(select(Article.id, ArticleText.language), day, after)
    last_two = db.session.execute(keys.offset(number - 1).limit(2)).all()
    return (last_two[0][0], last_two[0][1]) if len(last_two) == 2 else None


def _behind_text(wanted: Any, day: date, after: tuple[Any, ...] | None) -> Any:
    joined = wanted.join(ArticleText, ArticleText.article_id == Article.id)
    joined = joined.where(ArticleText.is_live.is_(True), is_seen(day))
    if after is not None:
        joined = joined.where(tuple_(Article.id, ArticleText.language) > tuple_(*after))
    return joined.order_by(Article.id, ArticleText.language)
