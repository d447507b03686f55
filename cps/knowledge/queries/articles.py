"""Articles as readers see them, and as editors work on them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from cps.accounts.models import Account, RoleGrant
from cps.accounts.rules import AccountState, Role
from cps.core.db import db
from cps.core.errors import NotVisible, StaleVersion
from cps.core.i18n import gettext as _
from cps.core.paging import Page, page_of, read_key
from cps.knowledge.models import Article, ArticleEvent, ArticleText
from cps.knowledge.rules import ArticleStatus, Happening, is_out_of_date

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


@dataclass(frozen=True, slots=True)
class SeenText(AnswerRow):
    """A text that readers see, with what else a table says of it."""

    department_id: int | None
    valid_until: date | None


def seen_texts(day: date, *, after: tuple[Any, ...] | None, limit: int) -> list[SeenText]:
    """Return the texts that readers see behind (article, language), in this order."""
    columns = [
        getattr(Article, n)
        for n in ("id", "slug", "category_id", "published_at", "department_id", "valid_until")
    ]
    columns += [getattr(ArticleText, name) for name in ("title", "body", "language", "updated_at")]
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


def related(article: Article, *, day: date, language: str) -> list[AnswerRow]:
    """Return the newest other articles of its category."""
    if article.category_id is None:
        return []
    page = newest(day=day, language=language, category_id=article.category_id, size=MOST_RELATED + 1)
    return [row for row in page.rows if row.id != article.id][:MOST_RELATED]


def texts_of(article_id: int, *, is_live: bool = False) -> dict[str, ArticleText]:
    """Return the texts of an article by language: those being written, or those that readers see."""
    wanted = select(ArticleText).where(ArticleText.article_id == article_id, ArticleText.is_live.is_(is_live))
    return {text.language: text for text in db.session.scalars(wanted)}


def get(article_id: int) -> Article:
    """Return one article for editors; raises NotVisible when there is none."""
    article = db.session.get(Article, article_id)
    if article is None:
        raise NotVisible(_("There is no such article."))
    return article


def find_slug(slug: str) -> Article | None:
    """Return the article with this address, whatever its status."""
    return db.session.scalars(select(Article).where(Article.slug == slug)).one_or_none()


def every() -> Sequence[Article]:
    """Return all articles that are not retired, by their address."""
    kept = select(Article).where(Article.status != ArticleStatus.RETIRED)
    return db.session.scalars(kept.order_by(Article.slug)).all()


def languages() -> Sequence[str]:
    """Return the languages in which there is any text of the answer base."""
    return db.session.scalars(select(ArticleText.language).distinct()).all()


def slugs_like(slug: str) -> set[str]:
    """Return the addresses that begin so."""
    return set(db.session.scalars(select(Article.slug).where(Article.slug.startswith(slug, autoescape=True))))


def lock(article_id: int, *, version: int | None = None) -> Article:
    """Return the row locked for the running write transaction.

    Raises NotVisible when there is none and, with the `version` that the person saw, StaleVersion when
    somebody changed it since.
    """
    wanted = select(Article).where(Article.id == article_id).with_for_update()
    article = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if article is None:
        raise NotVisible(_("There is no such article."))
    if version is not None and article.version != version:
        raise StaleVersion(
            _("Somebody else changed this article a moment ago. Look at it anew, then decide.")
        )
    return article


def writers_since_published(article_id: int) -> set[int]:
    """Return who wrote or imported words of an article since it was published last."""
    last = select(func.coalesce(func.max(ArticleEvent.id), 0)).where(
        ArticleEvent.article_id == article_id, ArticleEvent.kind == Happening.PUBLISHED
    )
    wrote = ArticleEvent.kind.in_([Happening.WRITTEN, Happening.CONFIRMED, Happening.IMPORTED])
    wanted = select(ArticleEvent.by_id).where(
        ArticleEvent.article_id == article_id, wrote, ArticleEvent.id > last.scalar_subquery()
    )
    return {by for by in db.session.scalars(wanted) if by is not None}


@dataclass(frozen=True, slots=True)
class Worked:
    """What editors look for: words in titles, a status, what is due for review, what has texts behind."""

    status: ArticleStatus | None = None
    category_id: int | None = None
    words: str = ""
    due_by: date | None = None
    is_behind: bool = False


@dataclass(frozen=True, slots=True)
class WorkRow:
    """An article in the editors' list."""

    id: int
    slug: str
    status: ArticleStatus
    title: str
    language: str
    is_seen: bool
    review_on: date | None
    valid_until: date | None
    updated_at: datetime
    owner: str
    behind: int


def worked(wanted: Worked, *, after: str | None = None, size: int = LIST_SIZE) -> Page[WorkRow]:
    """Return one page of all articles for editors, the last changed first."""
    own, behind = aliased(ArticleText), _behind()
    rows = (
        select(
            Article, own.title, func.coalesce(Account.display_name, "").label("owner"), behind.label("behind")
        )
        .join(
            own, and_(own.article_id == Article.id, own.language == Article.language, own.is_live.is_(False))
        )
        .outerjoin(Account, Account.id == Article.owner_id)
        .where(*_conditions(wanted, own, behind))
    )
    key = read_key(after, datetime, int)
    if key is not None:
        rows = rows.where(tuple_(Article.updated_at, Article.id) < tuple_(*key))
    found = db.session.execute(
        rows.order_by(Article.updated_at.desc(), Article.id.desc()).limit(size + 1)
    ).all()
    return page_of([_work_row(*row) for row in found], size, lambda row: (row.updated_at, row.id))


def _work_row(article: Article, title: str, owner: str, behind: int) -> WorkRow:
    return WorkRow(
        article.id, article.slug, article.status, title, article.language, article.published_at is not None,
        article.review_on, article.valid_until, article.updated_at, owner, behind,
    )  # fmt: skip


def _behind() -> Any:
    """Return how many translations of an article are out of date."""
    own, other = aliased(ArticleText), aliased(ArticleText)
    counted = (
        select(func.count())
        .select_from(other)
        .join(own, and_(own.article_id == other.article_id, own.is_live.is_(False), own.of_edition.is_(None)))
        .where(other.article_id == Article.id, other.is_live.is_(False), other.of_edition < own.edition)
    )
    return counted.correlate(Article).scalar_subquery()


def _conditions(wanted: Worked, own: Any, behind: Any) -> list[Any]:
    conditions: list[Any] = []
    if wanted.status is not None:
        conditions.append(Article.status == wanted.status)
    if wanted.category_id is not None:
        conditions.append(Article.category_id == wanted.category_id)
    if wanted.words:
        conditions.append(own.title.icontains(wanted.words, autoescape=True))
    if wanted.due_by is not None:
        conditions += [Article.review_on <= wanted.due_by, Article.status != ArticleStatus.RETIRED]
    if wanted.is_behind:
        conditions += [behind > 0, Article.status != ArticleStatus.RETIRED]
    return conditions


def count_by_status(due_by: date) -> tuple[dict[ArticleStatus, int], int]:
    """Return how many articles have each status, and how many are due for review by a day."""
    by_status = select(Article.status, func.count()).group_by(Article.status)
    is_due = (Article.review_on <= due_by) & (Article.status != ArticleStatus.RETIRED)
    due = db.session.scalar(select(func.count()).select_from(Article).where(is_due))
    return dict(db.session.execute(by_status).all()), due or 0


def story(article_id: int) -> Sequence[tuple[ArticleEvent, str]]:
    """Return what happened to an article with who did it, newest first."""
    wanted = (
        select(ArticleEvent, func.coalesce(Account.display_name, ""))
        .outerjoin(Account, Account.id == ArticleEvent.by_id)
        .where(ArticleEvent.article_id == article_id)
        .order_by(ArticleEvent.id.desc())
    )
    return [(event, name) for event, name in db.session.execute(wanted)]


def names_of_roles(roles: Collection[Role]) -> list[tuple[int, str]]:
    """Return the accounts with one of these roles and their names, by name."""
    wanted = (
        select(Account.id, Account.display_name)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role.in_(roles), Account.state == AccountState.ACTIVE)
        .distinct()
        .order_by(Account.display_name, Account.id)
    )
    return [(key, name) for key, name in db.session.execute(wanted)]
