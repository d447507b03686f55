"""Changes of categories that concern one question, or the order of all; each leaves an audit row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cps.core import audit
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.models import City
from cps.departments import queries
from cps.departments.models import Category
from cps.departments.services.saving import save_category
from cps.departments.specs import QuestionSpec
from cps.departments.specs_of import category_spec

MOST_QUESTIONS = 20


def move_category(category_id: int, step: int, *, by: int | None, at: datetime) -> None:
    """Put a category before (-1) or after (1) the one of its kind beside it; nothing at the ends."""
    db.session.get_one(City, 1, populate_existing=True, with_for_update=True)
    every = queries.all_categories()
    kind = next((row.kind for row in every if row.id == category_id), None)
    rows = [row for row in every if row.kind is kind]
    place = next((number for number, row in enumerate(rows) if row.id == category_id), None)
    if place is None or not 0 <= place + step < len(rows):
        return
    moved = rows.pop(place)
    rows.insert(place + step, moved)
    for number, row in enumerate(rows):
        row.ord = number
    told = {"ord": [place + 1, place + step + 1]}
    audit.record("move-category", about=("category", moved.code), by=by, at=at, changes=told)
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
