"""Writing articles and moving them from draft to published."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from cps.accounts.models import Account
from cps.core import audit, changes
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.knowledge import queries
from cps.knowledge.models import Article, ArticleEvent, ArticleText
from cps.knowledge.rules import (
    MOVES,
    ArticleStatus,
    Facts,
    Happening,
    Move,
    Words,
    check_move,
    check_second_person,
    free_slug,
    is_slug,
    slug_of,
)
from cps.knowledge.services.indexing import index, take_out_of_index


def begin(
    language: str,
    words: Words,
    facts: Facts | None = None,
    *,
    by: Account | None,
    at: datetime,
    slug: str = "",
) -> Article:
    """Make a draft in the article's own language; its address is made of the title and stays.

    Raises RuleViolation where a given address is none, or taken.
    """
    if slug and not is_slug(slug):
        raise RuleViolation(_("An address has small letters, digits and hyphens only."))
    if slug and queries.find_slug(slug) is not None:
        raise RuleViolation(_("There is an article with this address."))
    _check_facts(facts or Facts())
    wanted = slug or slug_of(words.title)
    article = Article(
        slug=free_slug(wanted, queries.slugs_like(wanted)),
        language=language,
        created_at=at,
        updated_at=at,
        **(facts or Facts()).columns(),
    )
    db.session.add(article)
    db.session.flush()
    write(article, language, words, by=by, at=at)
    return article


def write(
    article: Article,
    language: str,
    words: Words,
    *,
    by: Account | None,
    at: datetime,
    kind: Happening = Happening.WRITTEN,
) -> bool:
    """Write the text of a locked article in a language; False when nothing changed.

    A published article goes on being read as it was; what is written waits as a draft until somebody
    publishes it. A translation counts as made from the newest text in the article's own language.
    """
    if article.status is ArticleStatus.RETIRED:
        raise RuleViolation(_("This article is retired. Take it up again first."))
    if not words.title or not words.body:
        raise RuleViolation(_("An article needs a title and a text."))
    texts = queries.texts_of(article.id)
    text = texts.get(language)
    edition_now = _edition_of_own(article, language, texts)
    if text is not None and (text.title, text.body, text.words) == (words.title, words.body, words.words):
        return False
    if text is None:
        text = ArticleText(article_id=article.id, language=language, is_live=False, edition=0)
        db.session.add(text)
    if (text.title, text.body) != (words.title, words.body):
        text.edition += 1
    text.title, text.body, text.words = words.title, words.body, words.words
    text.of_edition, text.updated_at = edition_now, at
    _note(article, kind, by, at, language=language, title=words.title, body=words.body)
    _back_to_draft(article, by, at)
    flag_modified(article, "status")  # counts the version up, also where only the text changed
    db.session.flush()
    return True


def _edition_of_own(article: Article, language: str, texts: Mapping[str, ArticleText]) -> int | None:
    """Return which edition a translation says; None for the article's own language."""
    if language == article.language:
        return None
    if article.language not in texts:
        raise RuleViolation(_("Write the article in its own language first."))
    return texts[article.language].edition


def _back_to_draft(article: Article, by: Account | None, at: datetime) -> None:
    article.status = ArticleStatus.DRAFT
    article.written_by_id = by.id if by else None
    article.updated_at = at


def confirm(article: Article, language: str, *, by: Account, at: datetime) -> None:
    """Say that a translation that is out of date still says what the article says.

    Readers see no mark any more once somebody publishes it.
    """
    texts = queries.texts_of(article.id)
    text, own = texts.get(language), texts.get(article.language)
    if text is None or own is None or text.of_edition is None or article.status is ArticleStatus.RETIRED:
        raise RuleViolation(_("There is no such translation."))
    if text.of_edition == own.edition:
        return
    text.of_edition, text.updated_at = own.edition, at
    _note(article, Happening.CONFIRMED, by, at, language=language)
    _back_to_draft(article, by, at)
    db.session.flush()


def set_facts(article: Article, facts: Facts, *, by: Account, at: datetime) -> None:
    """Set category, department, validity, owner and review date of a locked article; they hold at once."""
    _check_facts(facts)
    changed = changes.apply(article, facts.columns())
    if changed:
        article.updated_at = at
        _note(article, Happening.SET, by, at)
        _trace(
            "set-article",
            article,
            by,
            at,
            {name: both for name, both in changed.items() if name != "owner_id"},
        )
        db.session.flush()


def mark_reviewed(article: Article, next_on: date | None, *, by: Account, at: datetime) -> None:
    """Note that somebody read a locked article and found it right, and when it is to be read again."""
    if next_on is not None and next_on <= at.date():
        raise RuleViolation(_("Choose a day that lies ahead."))
    article.review_on, article.updated_at = next_on, at
    _note(article, Happening.REVIEWED, by, at)
    db.session.flush()


def move(
    article: Article, way: Move, *, by: Account, at: datetime, message: str = "", authors_may: bool = False
) -> None:
    """Move a locked article along its life; `authors_may`: the city lets authors publish their own words.

    Raises RuleViolation where the table has no such move, a reason is missing, or a second person is needed.
    """
    check_move(way, article.status, message)
    if way is Move.PUBLISH:
        _publish(article, by, at, authors_may=authors_may)
    _origins, article.status, leaves = MOVES[way]
    if way is Move.RETIRE:
        take_out_of_readers_sight(article)
    article.updated_at = at
    _note(article, leaves, by, at, message=message)
    _trace(f"{way.value}-article", article, by, at, {})
    db.session.flush()


def _publish(article: Article, by: Account, at: datetime, *, authors_may: bool) -> None:
    writers = queries.writers_since_published(article.id) | {article.written_by_id or 0}
    article.is_alone = check_second_person(by.id, writers, authors_may=authors_may)
    article.published_by_id = by.id
    show_to_readers(article, at)


def show_to_readers(article: Article, at: datetime) -> None:
    """Let readers see the texts as they are written now, and find them."""
    written, live = queries.texts_of(article.id), queries.texts_of(article.id, is_live=True)
    for language, text in written.items():
        shown = live.get(language) or ArticleText(article_id=article.id, language=language, is_live=True)
        shown.title, shown.body, shown.words = text.title, text.body, text.words
        shown.edition, shown.of_edition = text.edition, text.of_edition
        shown.updated_at = text.updated_at
        db.session.add(shown)
    article.published_at = at
    db.session.flush()
    index(article.id, written.values())


def take_out_of_readers_sight(article: Article) -> None:
    """Let nobody but editors see an article."""
    for text in queries.texts_of(article.id, is_live=True).values():
        db.session.delete(text)
    article.published_at = None
    db.session.flush()
    take_out_of_index(article.id)


def _check_facts(facts: Facts) -> None:
    if facts.valid_from and facts.valid_until and facts.valid_until < facts.valid_from:
        raise RuleViolation(_("It cannot end before it begins."))


def _note(article: Article, kind: Happening, by: Account | None, at: datetime, **told: str) -> None:
    db.session.add(ArticleEvent(article_id=article.id, at=at, by_id=by.id if by else None, kind=kind, **told))


def _trace(action: str, article: Article, by: Account, at: datetime, changed: dict[str, Any]) -> None:
    audit.record(action, about=("article", article.id), by=by.id, at=at, changes=changed)
