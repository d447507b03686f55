"""Whether cases use a category and answer its questions: for whoever wants to change them."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from cps.cases.models import Case
from cps.core.db import db


def has_cases(category_id: int) -> bool:
    """Return whether there is a case of the category."""
    return bool(db.session.scalar(select(exists().where(Case.category_id == category_id))))


def answered_questions(category_id: int, codes: Sequence[str]) -> set[str]:
    """Return which of these questions a case of the category answers."""
    found = set()
    for code in codes:
        answers = exists().where(Case.category_id == category_id, Case.answers[code].as_string().is_not(None))
        if db.session.scalar(select(answers)):
            found.add(code)
    return found
