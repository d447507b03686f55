"""Articles as they are kept: their rows, their texts and what happened to them."""

from collections.abc import Sequence

from sqlalchemy import func, select

from cps.accounts.models import Account
from cps.core.db import db
from cps.core.errors import NotVisible, StaleVersion
from cps.core.i18n import gettext as _
from cps.knowledge.models import Article, ArticleEvent, ArticleText
from cps.knowledge.rules import ArticleStatus, Happening


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


def texts_of(article_id: int, *, is_live: bool = False) -> dict[str, ArticleText]:
    """Return the texts of an article by language: those being written, or those that readers see."""
    wanted = select(ArticleText).where(ArticleText.article_id == article_id, ArticleText.is_live.is_(is_live))
    return {text.language: text for text in db.session.scalars(wanted)}


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


def story(article_id: int) -> Sequence[tuple[ArticleEvent, str]]:
    """Return what happened to an article with who did it, newest first."""
    wanted = (
        select(ArticleEvent, func.coalesce(Account.display_name, ""))
        .outerjoin(Account, Account.id == ArticleEvent.by_id)
        .where(ArticleEvent.article_id == article_id)
        .order_by(ArticleEvent.id.desc())
    )
    return [(event, name) for event, name in db.session.execute(wanted)]
