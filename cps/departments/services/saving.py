"""Writes of departments, categories, the working week and templates, and due dates.

Each `save_…` makes the row or changes what differs, and leaves an audit row only when something changed, so
that loading the same pack twice does nothing the second time.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm.attributes import flag_modified

from cps.core import audit, changes
from cps.core.city import lock as lock_city
from cps.core.db import Model, db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.many import change_rows
from cps.departments import queries
from cps.departments.calendar import Deadline, Unit, WorkingCalendar
from cps.departments.catalogue import KnownCategory
from cps.departments.models import (
    Category,
    Department,
    Holiday,
    OpeningHours,
    Question,
    ReplyTemplate,
    RoutingRule,
    Staff,
)
from cps.departments.specs import (
    CategorySpec,
    DepartmentSpec,
    QuestionSpec,
    Stretch,
    TemplateSpec,
    check_texts,
    check_week,
)


def save_department(spec: DepartmentSpec, *, by: int | None, at: datetime) -> Department:
    """Make or change a department; raises RuleViolation, also when two would read new cases."""
    spec.check()
    triage = queries.find_triage_department()
    if spec.is_triage and triage is not None and triage.code != spec.code:
        raise RuleViolation(
            _("Only one department can read new cases; now it is “%(code)s”.", code=triage.code)
        )
    row = queries.department_by_code(spec.code) or Department(code=spec.code)
    values = {
        "name": dict(spec.name),
        "about": dict(spec.about),
        "email": spec.email,
        "phone": spec.phone,
        "is_triage": spec.is_triage,
        "is_active": spec.is_active,
    }
    _save("department", row, row.code, values, by, at)
    return row


def save_category(spec: CategorySpec, *, by: int | None, at: datetime) -> Category:
    """Make or change a category with all its questions; raises RuleViolation."""
    spec.check()
    department = _department(spec.department)
    row = queries.category_by_code(spec.code) or Category(code=spec.code, questions=[])
    values = {
        "kind": spec.kind,
        "group_name": dict(spec.group_name),
        "name": dict(spec.name),
        "description": dict(spec.description),
        "keywords": {language: list(words) for language, words in spec.keywords.items()},
        "icon": spec.icon,
        "department_id": department.id,
        "service_time": spec.service_time,
        "service_time_unit": spec.service_time_unit,
        "acknowledge_hours": spec.acknowledge_hours,
        "is_repair": spec.is_repair,
        "is_private_by_default": spec.is_private_by_default,
        "is_integrity": spec.is_integrity,
        "ord": spec.ord,
        "is_active": spec.is_active,
        **({"needs": spec.needs.written()} if spec.needs is not None else {}),
    }
    questions = _save_questions(row, spec.questions)
    if questions and row in db.session:
        flag_modified(row, "ord")  # the version moves on, so that pages with the questions are made anew
    _save("category", row, row.code, values, by, at, more=questions)
    return row


def _save_questions(category: Category, specs: Sequence[QuestionSpec]) -> dict[str, Any]:
    """Bring the questions in line; returns `{"question <code>": changes}`."""
    existing = {question.code: question for question in category.questions}
    found: dict[str, Any] = {}
    for order, spec in enumerate(specs):
        question = existing.pop(spec.code, None)
        if question is None:
            question = Question(code=spec.code)
            category.questions.append(question)
        values = {
            "datatype": spec.datatype,
            "label": dict(spec.label),
            "help": dict(spec.help),
            "is_required": spec.is_required,
            "choices": spec.kept_choices(),
            "stops": {key: dict(texts) for key, texts in spec.stops.items()},
            "ord": order,
        }
        if differing := changes.apply(question, values):
            found[f"question {spec.code}"] = differing
    for code, question in existing.items():
        category.questions.remove(question)
        found[f"question {code}"] = ["there", None]
    return found


def save_template(spec: TemplateSpec, *, by: int | None, at: datetime) -> ReplyTemplate:
    """Make or change a reply template; raises RuleViolation."""
    spec.check()
    row = queries.template_by_code(spec.code) or ReplyTemplate(code=spec.code)
    values = {
        "department_id": _department(spec.department).id if spec.department else None,
        "title": dict(spec.title),
        "body": dict(spec.body),
        **_what_for(spec),
    }
    row.updated_at = row.updated_at or at
    if _save("template", row, row.code, values, by, at):
        row.updated_at = at
        db.session.flush()
    return row


def _what_for(spec: TemplateSpec) -> dict[str, Any]:
    """Return the columns that say what a template is for: those that are told."""
    values: dict[str, Any] = {"move": spec.move, "is_active": spec.is_active}
    if spec.category is not None:
        category = queries.category_by_code(spec.category) if spec.category else None
        if spec.category and category is None:
            raise RuleViolation(_("There is no category with the code “%(code)s”.", code=spec.category[:80]))
        values["category_id"] = category.id if category else None
    return {name: value for name, value in values.items() if value is not None or name == "category_id"}


def save_opening_hours(week: Sequence[Stretch], *, by: int | None, at: datetime) -> None:
    """Replace the working week; raises RuleViolation for an empty week or overlapping stretches."""
    check_week(week)
    lock_city()
    before = [Stretch(row.weekday, row.opens, row.closes) for row in queries.opening_hours()]
    if before == sorted(week):
        return
    db.session.execute(delete(OpeningHours))
    db.session.add_all(OpeningHours(weekday=s.weekday, opens=s.opens, closes=s.closes) for s in week)
    db.session.flush()
    told = {"week": [[str(s) for s in before], [str(s) for s in sorted(week)]]}
    audit.record("change-opening-hours", about=("city", 1), by=by, at=at, changes=told)


def save_holiday(day: date, name: Mapping[str, str], *, by: int | None, at: datetime) -> Holiday:
    """Make or rename a day on which the city does not work; raises RuleViolation for a day without a name."""
    check_texts(name, what=day.isoformat())
    row = db.session.get(Holiday, day) or Holiday(day=day)
    _save("holiday", row, day.isoformat(), {"name": dict(name)}, by, at)
    return row


def remove_holiday(day: str, *, by: int | None, at: datetime) -> bool:
    """Let the city work again on a day, given as in ISO 8601; False where it did."""
    row = next((one for one in queries.holidays() if one.day.isoformat() == day), None)
    if row is None:
        return False
    audit.record("remove-holiday", about=("holiday", day), by=by, at=at, changes={"name": [row.name, None]})
    db.session.delete(row)
    db.session.flush()
    return True


def add_staff(account_id: int, department: Department, *, by: int | None, at: datetime) -> bool:
    """Let an account work in a department; False when it did already."""
    if queries.staff_row(account_id, department.id) is not None:
        return False
    db.session.add(Staff(account_id=account_id, department_id=department.id))
    db.session.flush()
    audit.record("add-staff", about=("department", department.code), by=by, at=at,
                 changes={"account_id": [None, account_id]})  # fmt: skip
    return True


def remove_staff(account_id: int, department: Department, *, by: int | None, at: datetime) -> bool:
    """Let an account work in a department no longer; False where it did not.

    Rules of routing that name it there go to the department.
    """
    row = queries.staff_row(account_id, department.id)
    if row is None:
        return False
    db.session.delete(row)
    change_rows(
        update(RoutingRule)
        .where(RoutingRule.officer_id == account_id, RoutingRule.department_id == department.id)
        .values(officer_id=None, version=RoutingRule.version + 1)
    )
    audit.record("remove-staff", about=("department", department.code), by=by, at=at,
                 changes={"account_id": [account_id, None]})  # fmt: skip
    db.session.flush()
    return True


def due_at(
    category: Category | KnownCategory | CategorySpec, start: datetime, calendar: WorkingCalendar
) -> datetime:
    """Return by when a case of this category that came at `start` is promised an answer, in UTC."""
    return Deadline(category.service_time, Unit[category.service_time_unit.name]).due(calendar, start)


def _department(code: str) -> Department:
    department = queries.department_by_code(code)
    if department is None:
        raise RuleViolation(_("There is no department with the code “%(code)s”.", code=code[:80]))
    return department


def _save(
    kind: str,
    row: Model,
    key: str,
    values: dict[str, Any],
    by: int | None,
    at: datetime,
    *,
    more: dict[str, Any] | None = None,
) -> bool:
    """Write what differs and its audit row; False when nothing did."""
    is_new = row not in db.session
    found = {**changes.apply(row, values), **(more or {})}
    if not found:
        return False
    db.session.add(row)
    action = f"create-{kind}" if is_new else f"change-{kind}"
    audit.record(action, about=(kind, key), by=by, at=at, changes={} if is_new else found)
    db.session.flush()
    return True
