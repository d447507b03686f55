"""Articles as editors work on them: their list, and what is to do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import aliased

from cps.accounts.models import Account, RoleGrant
from cps.accounts.rules import AccountState, Role
from cps.core.db import db
from cps.core.paging import Page, page_of, read_key
from cps.knowledge.models import Article, ArticleText
from cps.knowledge.queries.reading import LIST_SIZE
from cps.knowledge.rules import ArticleStatus


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
