"""Counting without a person: that an article helped, and what was searched in vain."""

from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import delete

from cps.core import search
from cps.core.db import db
from cps.core.mask import Placeholders, mask
from cps.core.text import one_line
from cps.core.upsert import insert_into
from cps.knowledge import queries
from cps.knowledge.models import AnswerSearch, ArticleDay

LONGEST_WORDS = 120
MOST_DIFFERENT = 500
"""Different searches of one day that are noted: nobody fills the table by asking."""

_NOTHING = Placeholders("", "", "")


class Told(StrEnum):
    """What a reader says of an article."""

    HELPED = "helped"
    NOT_HELPED = "not_helped"
    SOLVED = "solved"
    """It made a report unnecessary: only said by a button that says so."""


def count_told(article_id: int, told: Told, *, day: date) -> None:
    """Count what a reader says; who it was is kept nowhere."""
    row = {"article_id": article_id, "day": day, "helped": 0, "not_helped": 0, "solved": 0, told.value: 1}
    column = getattr(ArticleDay, told.value)
    statement = insert_into(ArticleDay).values(row)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["article_id", "day"], set_={told.value: column + 1})
    )


def note_unanswered(question: str, language: str, *, day: date) -> bool:
    """Count a search that found nothing; False where nothing is noted.

    Kept are the words alone, in small letters; numbers and addresses of people are taken out before.
    """
    words = " ".join(search.words(mask(one_line(question), _NOTHING)))[:LONGEST_WORDS].strip()
    if len(words) < 2 or queries.different_searches(day) >= MOST_DIFFERENT:
        return False
    row = {"day": day, "language": language, "words": words, "count": 1}
    statement = insert_into(AnswerSearch).values(row)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["day", "language", "words"], set_={"count": AnswerSearch.count + 1}
        )
    )
    return True


def forget_unanswered(before: date) -> None:
    """Delete what was searched before a day."""
    db.session.execute(delete(AnswerSearch).where(AnswerSearch.day < before))


def forget_words(words: str, language: str) -> None:
    """Take words off the editors' list: they are answered now, or ask nothing of the city."""
    gone = delete(AnswerSearch).where(AnswerSearch.words == words, AnswerSearch.language == language)
    db.session.execute(gone)


def first_kept(day: date) -> date:
    """Return the first day of which searches in vain are kept."""
    return day - timedelta(days=queries.UNANSWERED_DAYS)
