"""Bringing a pack into the city. Nothing is ever removed: what the pack does not have stays as it is."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, BinaryIO

from cps.admin.category_files import CategoryTable
from cps.admin.pack.shapes import LISTS, OWN_SETTINGS, Pack
from cps.admin.pack.writing import whole_pack
from cps.admin.townhall import queries as words
from cps.admin.townhall import services as townhall
from cps.cases.queries import answered
from cps.core import audit, changes
from cps.core.city import lock as lock_city
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.table_file import at_most
from cps.core.wrong_rows import WrongRows, parted
from cps.departments import queries as departments
from cps.departments import services as furnishing
from cps.departments.models import Category
from cps.departments.specs import CategorySpec
from cps.departments.specs_of import question_spec
from cps.wards import services as wards

YEARS = 3
"""A day of every year is written for this year and the two that follow."""


@dataclass(slots=True)
class Part:
    """What became of one section of a pack, by codes."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What the city has and the pack has not."""


@dataclass(slots=True)
class Report:
    """What a pack did: its lists, facts of the city that changed, the calendar, and what was kept."""

    parts: dict[str, Part] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    calendar_changed: bool = False
    remarks: list[str] = field(default_factory=list)


def load(pack: Pack, *, by: int | None, at: datetime) -> Report:
    """Make or change what the pack tells; the same pack again changes nothing.

    Raises RuleViolation where a category that has cases would become something else.
    """
    before = whole_pack()
    remarks = list(pack.remarks)
    _change_city(pack.city, by=by, at=at)
    wards.save_wards(pack.wards, by=by, at=at)
    _save_departments(pack, remarks, by=by, at=at)
    for category in pack.categories:
        furnishing.save_category(_with_answered_questions(category, remarks), by=by, at=at)
    for template in pack.templates:
        furnishing.save_template(template, by=by, at=at)
    if pack.hours:
        furnishing.save_opening_hours(pack.hours, by=by, at=at)
    for day, name in _days(pack, at.year):
        furnishing.save_holiday(day, name, by=by, at=at)
    db.session.flush()
    return _report(pack, before, whole_pack(), remarks)


def read_table(
    file: BinaryIO, table: CategoryTable, *, most: int | None = None
) -> tuple[list[CategorySpec], WrongRows]:
    """Look at every row of a table of categories; returns those that are right, and the others."""
    found, wrong = parted(at_most(table.rows(file), most))
    return [with_own_questions(spec) for spec in found], wrong


def with_own_questions(spec: CategorySpec) -> CategorySpec:
    """Return a category that was told without questions with those that the city asks, in its place."""
    row = departments.category_by_code(spec.code)
    if row is None:
        return spec
    return replace(
        spec,
        questions=[question_spec(question) for question in row.questions],
        acknowledge_hours=row.acknowledge_hours,
        ord=row.ord,
    )


def _change_city(facts: Mapping[str, Any], *, by: int | None, at: datetime) -> None:
    if not facts:
        return
    row = lock_city()
    own = {key: value for key, value in row.settings.items() if key in OWN_SETTINGS}
    values = dict(facts)
    for page, texts in values.pop("texts", {}).items():
        before, _version = words.words_of(page)
        townhall.change_words(page, {**before, **texts}, by=by, at=at)
    if crest := values.pop("logo", None):
        townhall.bring_crest(row, crest, by=by, at=at)
    if "settings" in values:
        kept = {key: value for key, value in values["settings"].items() if key not in OWN_SETTINGS}
        values["settings"] = {**kept, **own}
    if found := changes.apply(row, values):
        audit.record("change-city", about=("city", 1), by=by, at=at, changes=found)
        db.session.flush()


def _save_departments(pack: Pack, remarks: list[str], *, by: int | None, at: datetime) -> None:
    """Save departments; where another one reads new cases in the pack, the one of the city no longer does."""
    reads = next((one.code for one in pack.departments if one.is_triage), None)
    now = departments.find_triage_department()
    if reads and now and now.code != reads:
        now.is_triage = False
        audit.record("change-department", about=("department", now.code), by=by, at=at,
                     changes={"is_triage": [True, False]})  # fmt: skip
        db.session.flush()
        remarks.append(_("New cases are read by “%(new)s” now, not by “%(old)s”.", new=reads, old=now.code))
    for department in pack.departments:
        keeps = not reads and now is not None and now.code == department.code
        furnishing.save_department(replace(department, is_triage=department.is_triage or keeps), by=by, at=at)


def _with_answered_questions(spec: CategorySpec, remarks: list[str]) -> CategorySpec:
    """Return the category with those of its questions here that cases answer: else nobody could read them."""
    row = departments.category_by_code(spec.code)
    if row is None:
        return spec
    _refuse_another(row, spec)
    asked = {question.code for question in spec.questions}
    gone = [question for question in row.questions if question.code not in asked]
    used = answered.answered_questions(row.id, [question.code for question in gone])
    kept = [replace(question_spec(question), is_required=False) for question in gone if question.code in used]
    remarks += [
        _("The question “%(question)s” of “%(category)s” stays: cases answer it.",
          question=question.code, category=spec.code)
        for question in kept
    ]  # fmt: skip
    return replace(spec, questions=[*spec.questions, *kept])


def _refuse_another(row: Category, spec: CategorySpec) -> None:
    """Raise RuleViolation where cases would turn from complaints to proposals, or change who may see them."""
    differs = row.kind is not spec.kind or row.is_integrity != spec.is_integrity
    if differs and answered.has_cases(row.id):
        raise RuleViolation(
            _("The category “%(code)s” has cases here and is of another kind in the pack. Give it another"
              " code there.", code=spec.code)
        )  # fmt: skip


def _days(pack: Pack, year: int) -> Iterator[tuple[date, Mapping[str, str]]]:
    yield from pack.holidays.items()
    for (month, day), name in pack.yearly.items():
        for one in range(year, year + YEARS):
            if (month, day) != (2, 29) or calendar.isleap(one):
                yield date(one, month, day), name


def _report(pack: Pack, before: dict[str, Any], after: dict[str, Any], remarks: Sequence[str]) -> Report:
    report = Report(remarks=list(remarks))
    for section in LISTS:
        told = {spec.code for spec in getattr(pack, section)}
        if told:
            report.parts[section] = _part(before[section], after[section], told)
    was, now = before["city"], after["city"]
    report.facts = [name for name in now if now[name] != was.get(name)]
    report.calendar_changed = before["calendar"] != after["calendar"]
    return report


def _part(before: list[dict[str, Any]], after: list[dict[str, Any]], told: set[str]) -> Part:
    old = {one["code"]: one for one in before}
    part = Part()
    for one in after:
        code = one["code"]
        if code not in told:
            part.left.append(code)
        elif code not in old:
            part.created.append(code)
        elif old[code] != one:
            part.changed.append(code)
        else:
            part.same.append(code)
    return part
