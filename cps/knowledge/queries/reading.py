"""Articles as readers see them on a day of the city."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from cps.core.db import db
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.core.paging import Page, page_of, read_key
from cps.knowledge.models import Article, ArticleText
from cps.knowledge.queries.articles import texts_of
from cps.knowledge.rules import is_out_of_date

LIST_SIZE = 20
MOST_RELATED = 4


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An article as readers see it in a list, in one of its languages."""

    id: int
    slug: str
    title: str
    body: str
    language: str
    category_id: int | None
    published_at: datetime | None
    updated_at: datetime


def is_seen(day: date) -> ColumnElement[bool]:
    """Return the condition that readers see an article on a day of the city."""
    return and_(
        Article.published_at.is_not(None),
        or_(Article.valid_from.is_(None), Article.valid_from <= day),
        or_(Article.valid_until.is_(None), Article.valid_until >= day),
    )


def rows_of(keys: Sequence[int], *, day: date, language: str) -> list[AnswerRow]:
    """Return these articles in this order, those that readers see on the day; one statement."""
    if not keys:
        return []
    by_id = _in_language(select(Article).where(Article.id.in_(keys), is_seen(day)), language)
    return [by_id[key] for key in keys if key in by_id]


def newest(
    *,
    day: date,
    language: str,
    category_id: int | None = None,
    after: str | None = None,
    size: int = LIST_SIZE,
) -> Page[AnswerRow]:
    """Return one page of what readers see, the newest first, of all categories or of one."""
    wanted = select(Article).where(is_seen(day))
    if category_id is not None:
        wanted = wanted.where(Article.category_id == category_id)
    key = read_key(after, datetime, int)
    if key is not None:
        wanted = wanted.where(tuple_(Article.published_at, Article.id) < tuple_(*key))
    chosen = db.session.scalars(
        wanted.order_by(Article.published_at.desc(), Article.id.desc()).limit(size + 1)
    ).all()
    page = page_of(chosen, size, lambda row: (row.published_at, row.id))
    return Page(rows_of([row.id for row in page.rows], day=day, language=language), page.next_key)


def _in_language(wanted: Select[Article], language: str) -> dict[int, AnswerRow]:
    """Return the articles by key, each in the language, else in its own."""
    text = aliased(ArticleText)
    chosen = wanted.join(text, and_(text.article_id == Article.id, text.is_live.is_(True))).where(
        text.language.in_([language, Article.language])
    )
    rows = db.session.execute(
        chosen.with_only_columns(
            Article.id,
            Article.slug,
            Article.category_id,
            Article.published_at,
            text.title,
            text.body,
            text.language,
            text.updated_at,
        )
    )
    found: dict[int, AnswerRow] = {}
    for row in rows.mappings():
        if row["id"] not in found or row["language"] == language:
            found[row["id"]] = AnswerRow(**row)
    return found


def counts_by_category(day: date) -> dict[int | None, int]:
    """Return how many articles readers see in each category."""
    counted = select(Article.category_id, func.count()).where(is_seen(day)).group_by(Article.category_id)
    return dict(db.session.execute(counted).all())


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as its page shows it: the row, the text, its other languages, whether the text is behind."""

    article: Article
    text: ArticleText
    languages: tuple[str, ...]
    is_behind: bool


def shown(slug: str, *, day: date, language: str) -> Shown:
    """Return what readers see of an article; raises NotVisible when there is none on this day."""
    article = db.session.scalars(select(Article).where(Article.slug == slug, is_seen(day))).one_or_none()
    texts = texts_of(article.id, is_live=True) if article is not None else {}
    if article is None or article.language not in texts:
        raise NotVisible(_("There is no such answer any more. Search for it."))
    own = texts[article.language]
    text = texts.get(language, own)
    return Shown(article, text, tuple(sorted(texts)), is_out_of_date(text.of_edition, own.edition))


def related(article: Article, *, day: date, language: str) -> list[AnswerRow]:
    """Return the newest other articles of its category."""
    if article.category_id is None:
        return []
    page = newest(day=day, language=language, category_id=article.category_id, size=MOST_RELATED + 1)
    return [row for row in page.rows if row.id != article.id][:MOST_RELATED]
