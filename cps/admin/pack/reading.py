"""Reading a pack: checked as a whole, every fault with its path; no database."""

from collections.abc import Callable, Collection
from datetime import date, time
from typing import Any, Protocol, TypeVar

from cps.admin.pack.facts import read_facts
from cps.admin.pack.shapes import FORMAT, SECTIONS, VERSION, WEEKDAYS, Pack
from cps.core.document import BadDocument, Part, read_json
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments.rules import CategoryKind, Datatype, Needs, TimeUnit
from cps.departments.specs import (
    CategorySpec,
    DepartmentSpec,
    QuestionSpec,
    Stretch,
    TemplateSpec,
    check_texts,
    check_week,
)
from cps.wards.outlines import BadOutline, read_area
from cps.wards.rules import WardSpec, check_code, geometry_of, said

LONGEST_PHONE, LONGEST_EMAIL, LONGEST_ICON = 40, 254, 40
MOST_HOURS = 10_000


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


Spec = TypeVar("Spec", bound=_Coded)


def read_pack(written: bytes, *, known_departments: Collection[str] = ()) -> Pack:
    """Read a pack; departments of the city may be named besides those of the pack.

    Raises BadDocument with all faults.
    """
    pack = Part.of(_parsed(written))
    _check_format(pack)
    pack.only("format", "version", "about", *SECTIONS)
    city, remarks = read_facts(pack.part("city"))
    departments = _each(pack, "departments", _department)
    there = {*known_departments, *(department.code for department in departments)}
    calendar = pack.part("calendar")
    calendar.only("hours", "holidays")
    holidays, yearly = _holidays(calendar)
    found = Pack(
        city=city,
        wards=_each(pack, "wards", _ward),
        departments=departments,
        categories=_each(pack, "categories", lambda part: _category(part, there)),
        hours=_hours(calendar),
        holidays=holidays,
        yearly=yearly,
        templates=_each(pack, "templates", lambda part: _template(part, there)),
        remarks=remarks,
    )
    if sum(department.is_triage for department in departments) > 1:
        pack.note("departments", _("Only one department can read new cases."))
    pack.refuse()
    return found


def read_categories(written: bytes, *, known_departments: Collection[str]) -> list[CategorySpec]:
    """Read a list of categories as a pack has them, or those of a pack; raises BadDocument."""
    value = _parsed(written)
    listed = Part.of({"categories": value} if isinstance(value, list) else value)
    found = _each(listed, "categories", lambda part: _category(part, known_departments))
    if not found:
        listed.note("categories", _("This is missing."))
    listed.refuse()
    return found


def _parsed(written: bytes) -> Any:
    try:
        return read_json(written)
    except ValueError as error:
        raise BadDocument([_("This is no JSON in UTF-8: %(why)s", why=error)]) from None


def _check_format(pack: Part) -> None:
    if pack.value.get("format") != FORMAT:
        raise BadDocument([_("This is no city pack: its format is not “%(format)s”.", format=FORMAT)])
    version = pack.value.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= VERSION:
        raise BadDocument(
            [_("The pack is of version %(version)s; this program reads up to %(known)s.",
               version=str(version)[:20], known=VERSION)]
        )  # fmt: skip


def _each(pack: Part, section: str, read: Callable[[Part], Spec | None]) -> list[Spec]:
    """Read the entries of a section; a code must not stand twice."""
    found: dict[str, Spec] = {}
    for part in pack.parts(section):
        spec = None
        with part.noting():
            spec = read(part)
        if spec is not None and spec.code in found:
            part.note("code", _("The code “%(code)s” is there twice.", code=spec.code))
        elif spec is not None:
            found[spec.code] = spec
    return list(found.values())


def _ward(part: Part) -> WardSpec | None:
    part.only("code", "name", "population", "is_active", "geometry")
    code = part.line("code", needed=True)
    name = part.texts("name")
    check_texts(name, what=code)
    check_code(code)
    population = part.whole("population", 0) if part.value.get("population") is not None else None
    geometry = part.value.get("geometry")
    try:
        outline = geometry_of(read_area(geometry)) if geometry is not None else None
    except BadOutline as bad:
        part.note("geometry", said(bad.problem))
        return None
    return WardSpec(code, name, outline, population, is_active=part.flag("is_active", default=True))


def _department(part: Part) -> DepartmentSpec:
    part.only("code", "name", "about", "email", "phone", "is_triage", "is_active")
    spec = DepartmentSpec(
        part.line("code", needed=True),
        part.texts("name"),
        part.texts("about"),
        part.line("email", longest=LONGEST_EMAIL),
        part.line("phone", longest=LONGEST_PHONE),
        is_triage=part.flag("is_triage"),
        is_active=part.flag("is_active", default=True),
    )
    spec.check()
    return spec


def _category(part: Part, departments: Collection[str]) -> CategorySpec:
    part.only(
        *("code", "kind", "group", "name", "description", "keywords", "icon", "department", "service_time"),
        *("acknowledge_hours", "is_repair", "is_private_by_default", "is_integrity", "is_active", "order"),
        *("questions", "needs"),
    )
    faults = len(part.faults)
    promise = part.part("service_time")
    promise.only("amount", "unit")
    spec = CategorySpec(
        code=part.line("code", needed=True),
        name=part.texts("name"),
        department=_known(part, departments),
        service_time=promise.whole("amount", 0, least=1, most=MOST_HOURS),
        service_time_unit=promise.one_of("unit", TimeUnit.WORKING_DAYS),
        kind=part.one_of("kind", CategoryKind.COMPLAINT),
        group_name=part.texts("group"),
        description=part.texts("description"),
        keywords=part.lists("keywords"),
        icon=part.line("icon", "circle-question-mark", longest=LONGEST_ICON),
        acknowledge_hours=part.whole("acknowledge_hours", 0, most=MOST_HOURS) or None,
        is_repair=part.flag("is_repair"),
        is_private_by_default=part.flag("is_private_by_default"),
        is_integrity=part.flag("is_integrity"),
        ord=part.whole("order", 0),
        questions=[_question(one) for one in part.parts("questions")],
        is_active=part.flag("is_active", default=True),
        needs=_needs(part.part("needs")) if part.has("needs") else None,
    )
    if len(part.faults) == faults:
        spec.check()
    return spec


def _needs(part: Part) -> Needs:
    part.only("message", "photo", "second")
    return Needs.of({name: part.lines(name) for name in ("message", "photo", "second")})


def _question(part: Part) -> QuestionSpec:
    part.only("code", "datatype", "label", "help", "is_required", "choices", "stops")
    stops, choices = part.part("stops"), part.parts("choices")
    spec = QuestionSpec(
        part.line("code", needed=True),
        part.one_of("datatype", Datatype.STRING),
        part.texts("label"),
        help=part.texts("help"),
        is_required=part.flag("is_required"),
        choices=[(one.line("key", needed=True), one.texts("name")) for one in choices],
        stops={key: stops.texts(key) for key in stops.value},
        dangers=[one.line("key") for one in choices if one.flag("danger")],
    )
    with part.noting():
        spec.check()
    return spec


def _template(part: Part, departments: Collection[str]) -> TemplateSpec:
    part.only("code", "department", "category", "move", "is_active", "title", "body")
    department = _known(part, departments) if part.value.get("department") is not None else None
    spec = TemplateSpec(
        part.line("code", needed=True),
        part.texts("title"),
        part.texts("body"),
        department=department,
        category=part.line("category") if part.has("category") else None,
        move=part.line("move") if part.has("move") else None,
        is_active=part.flag("is_active", default=True) if part.has("is_active") else None,
    )
    spec.check()
    return spec


def _known(part: Part, departments: Collection[str]) -> str:
    code = part.line("department", needed=True)
    if code and code not in departments:
        part.note("department", _("There is no department with the code “%(code)s”.", code=code[:80]))
    return code


def _hours(calendar: Part) -> list[Stretch]:
    found = []
    for part in calendar.parts("hours"):
        part.only("day", "opens", "closes")
        day = part.line("day").casefold()
        opens, closes = _time(part, "opens"), _time(part, "closes")
        if day not in WEEKDAYS:
            part.note("day", _("This must be one of: %(known)s.", known=", ".join(WEEKDAYS)))
        elif opens and closes:
            found.append(Stretch(WEEKDAYS.index(day), opens, closes))
    if calendar.has("hours") and not calendar.faults:
        try:
            check_week(found)
        except RuleViolation as refusal:
            calendar.note("hours", refusal.message)
    return found


def _time(part: Part, key: str) -> time | None:
    try:
        return time.fromisoformat(part.line(key))
    except ValueError:
        part.note(key, _("This must be a time of day, such as 08:30."))
        return None


def _holidays(
    calendar: Part,
) -> tuple[dict[date, dict[str, str]], dict[tuple[int, int], dict[str, str]]]:
    """Return the names of single days, and of days of every year."""
    days: dict[date, dict[str, str]] = {}
    yearly: dict[tuple[int, int], dict[str, str]] = {}
    for part in calendar.parts("holidays"):
        part.only("day", "every", "name")
        name = part.texts("name")
        with part.noting():
            check_texts(name, what=part.line("day") or part.line("every"))
        key = "every" if part.has("every") else "day"
        written = part.line(key)
        try:
            day = date.fromisoformat(f"2000-{written}" if key == "every" else written)
        except ValueError:
            part.note(key, _("This must be a day, such as 2026-12-25, or 12-25 for every year."))
            continue
        if key == "every":
            yearly[day.month, day.day] = name
        else:
            days[day] = name
    return days, yearly
