"""Changes of categories that concern one question, or the order of all; each leaves an audit row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cps.core import audit
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments import queries
from cps.departments.models import Category
from cps.departments.services.ordering import lock_order, one_place
from cps.departments.services.saving import save_category
from cps.departments.specs import QuestionSpec
from cps.departments.specs_of import category_spec

MOST_QUESTIONS = 20


def move_category(category_id: int, step: int, *, by: int | None, at: datetime) -> None:
    """Put a category before (-1) or after (1) the one of its kind beside it; nothing at the ends."""
    lock_order()
    every = queries.all_categories()
    kind = next((row.kind for row in every if row.id == category_id), None)
    rows = [row for row in every if row.kind is kind]
    moved = one_place(rows, category_id, step)
    if moved is None:
        return
    for number, row in enumerate(moved.rows):
        row.ord = number
    about = ("category", moved.row.code)
    audit.record("move-category", about=about, by=by, at=at, changes={"ord": moved.places})
    db.session.flush()


def save_question(category: Category, spec: QuestionSpec, *, by: int | None, at: datetime) -> None:
    """Make a question, asked after all others, or change the one of this code; raises RuleViolation."""
    questions = list(category_spec(category).questions)
    places = [number for number, one in enumerate(questions) if one.code == spec.code]
    if places:
        questions[places[0]] = spec
    elif len(questions) >= MOST_QUESTIONS:
        raise RuleViolation(_("A category has %(most)s questions at most.", most=MOST_QUESTIONS))
    else:
        questions.append(spec)
    _save(category, questions, by, at)


def move_question(category: Category, code: str, step: int, *, by: int | None, at: datetime) -> None:
    """Ask a question before (-1) or after (1) the one beside it; nothing at the ends."""
    questions = list(category_spec(category).questions)
    place = next((number for number, one in enumerate(questions) if one.code == code), None)
    if place is not None and 0 <= place + step < len(questions):
        questions.insert(place + step, questions.pop(place))
        _save(category, questions, by, at)


def remove_question(category: Category, code: str, *, by: int | None, at: datetime) -> None:
    """Ask a question no more. That no case answers it is for the caller to see to."""
    _save(category, [one for one in category_spec(category).questions if one.code != code], by, at)


def _save(category: Category, questions: Sequence[QuestionSpec], by: int | None, at: datetime) -> None:
    save_category(replace(category_spec(category), questions=questions), by=by, at=at)
