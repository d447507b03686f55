"""What is counted without a person: whether articles helped, and what was searched in vain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from cps.core.db import db
from cps.knowledge.models import AnswerSearch, ArticleDay, SynonymSet

UNANSWERED_DAYS = 90
"""So long words that found nothing are kept."""

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Helped:
    """How often readers said that an article answered them, that it did not, and that it saved a report."""

    helped: int = 0
    not_helped: int = 0
    solved: int = 0


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Words that were searched and found nothing."""

    words: str
    language: str
    count: int
    last: date


def helped(article_id: int) -> Helped:
    """Return the counts of an article over all days."""
    sums = select(func.sum(ArticleDay.helped), func.sum(ArticleDay.not_helped), func.sum(ArticleDay.solved))
    row = db.session.execute(sums.where(ArticleDay.article_id == article_id)).one()
    return Helped(*(int(number or 0) for number in row))


def unanswered(day: date, *, days: int = UNANSWERED_DAYS) -> Sequence[Unanswered]:
    """Return what was searched in vain in the days up to this one, the commonest first."""
    times = func.sum(AnswerSearch.count)
    found = (
        select(AnswerSearch.words, AnswerSearch.language, times, func.max(AnswerSearch.day))
        .where(AnswerSearch.day > day - timedelta(days=days))
        .group_by(AnswerSearch.words, AnswerSearch.language)
        .order_by(times.desc(), func.max(AnswerSearch.day).desc(), AnswerSearch.words)
        .limit(MOST_LISTED)
    )
    return [Unanswered(words, code, int(n), last) for words, code, n, last in db.session.execute(found)]


def different_searches(day: date) -> int:
    """Return how many different words were searched in vain on a day."""
    return (
        db.session.scalar(select(func.count()).select_from(AnswerSearch).where(AnswerSearch.day == day)) or 0
    )


def old_searches(before: date) -> int:
    """Return how many rows of searches are older than a day."""
    return (
        db.session.scalar(select(func.count()).select_from(AnswerSearch).where(AnswerSearch.day < before))
        or 0
    )


def synonym_sets() -> Sequence[SynonymSet]:
    """Return every set of words that mean the same."""
    return db.session.scalars(select(SynonymSet).order_by(SynonymSet.id)).all()


def synonym_set(set_id: int) -> SynonymSet | None:
    """Return one set, locked."""
    wanted = select(SynonymSet).where(SynonymSet.id == set_id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
