"""Rules of routing in words: when one fits, what it does, what a trial of them says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cps.admin.queries import Sample
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized, ngettext, short_date
from cps.departments.catalogue import Catalogue
from cps.departments.models import RoutingRule
from cps.departments.routing import Conditions, Trial
from cps.wards.queries import Areas

DAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
LABELS = {
    "name": _l("Name"),
    "conditions": _l("When"),
    "department_id": _l("Department"),
    "officer_id": _l("Officer"),
    "makes_urgent": _l("Urgent"),
    "is_active": _l("In use"),
    "position": _l("Place in the order"),
}
MOST_SAMPLES = 8


@dataclass(frozen=True, slots=True)
class Known:
    """The names that rules are told with: departments, categories, wards, and officers by account."""

    catalogue: Catalogue
    areas: Areas
    people: Mapping[int, str]

    def department(self, key: int | None) -> str:
        """Return the name of a department."""
        found = self.catalogue.departments.get(key or 0)
        return localized(found.name) if found else ""

    def value(self, field: str, value: Any) -> Any:
        """Return a value of a rule as people know it."""
        if field == "department_id":
            return self.department(value)
        if field == "officer_id":
            return self.people.get(value or 0, "")
        return (
            when(Conditions.of(value or {}), self) if field == "conditions" and value is not None else value
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule in the list: what it says in words, and what is wrong with it, if anything."""

    id: int
    name: str
    when: str
    then: str
    is_active: bool
    version: int
    decided: str
    problem: str


def when(conditions: Conditions, known: Known) -> str:
    """Return when a rule fits, in one line."""
    categories = {one.code: localized(one.name) for one in known.catalogue.categories.values()}
    wards = {code: localized(known.areas.names.get(key)) for key, code in known.areas.codes.items()}
    parts = [
        _either([categories.get(code, code) for code in conditions.categories]),
        _either([wards.get(code, code) for code in conditions.wards]),
        _either([str(DAYS[day]) for day in conditions.weekdays]),
    ]
    if conditions.starts is not None and conditions.ends is not None:
        parts.append(f"{conditions.starts:%H:%M}–{conditions.ends:%H:%M}")
    if conditions.words:
        parts.append(_("has %(words)s", words=_either([f"“{word}”" for word in conditions.words])))
    return " · ".join(part for part in parts if part) or _("Every complaint")


def _either(names: list[str]) -> str:
    if len(names) <= 4:
        return ", ".join(names)
    return _("%(names)s and %(more)s more", names=", ".join(names[:3]), more=len(names) - 3)


def then(row: RoutingRule, known: Known) -> str:
    """Return what a rule does, in one line."""
    parts = [
        known.department(row.department_id),
        known.people.get(row.officer_id or 0, ""),
        _("urgent") if row.makes_urgent else "",
    ]
    return " · ".join(part for part in parts if part) or _("Its category’s department")


def shown(row: RoutingRule, known: Known, trial: Trial) -> Shown:
    """Return a rule as the list shows it."""
    decided = trial.decided.get(row.id, 0)
    return Shown(
        id=row.id,
        name=row.name,
        when=when(Conditions.of(row.conditions), known),
        then=then(row, known),
        is_active=row.is_active,
        version=row.version,
        decided=ngettext("%(num)s complaint last month", "%(num)s complaints last month", decided)
        if row.is_active
        else "",
        problem=_problem(row, known, trial),
    )


def _problem(row: RoutingRule, known: Known, trial: Trial) -> str:
    department = known.catalogue.departments.get(row.department_id or 0)
    if department is not None and not department.is_active:
        return _("Its department is not in use, so the rule is passed over.")
    return problem_of(row.id, trial) if row.is_active else ""


def problem_of(rule_id: int, trial: Trial) -> str:
    """Return what a trial says against a rule; empty where it says nothing."""
    if trial.matches_nothing(rule_id):
        return _("It fits none of last month’s complaints.")
    if trial.matches_everything(rule_id):
        return _("It fits every complaint of last month, so no rule after it is ever tried.")
    if trial.is_never_reached(rule_id):
        return _("Rules above it take everything that it fits.")
    return ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A complaint of the past that would have gone elsewhere."""

    title: str
    reference: str
    is_listed: bool
    day: str
    where: str


def moved(
    trial: Trial, samples: Mapping[int, Sample], known: Known, rule_id: int | None = None
) -> list[Moved]:
    """Return some complaints that would have gone elsewhere, by one rule or by any, the newest first."""
    wanted = [one for one in trial.elsewhere if rule_id is None or one.rule_id == rule_id][:MOST_SAMPLES]
    return [
        Moved(
            title=samples[one.key].title or _("A private complaint"),
            reference=samples[one.key].reference,
            is_listed=samples[one.key].is_listed,
            day=short_date(samples[one.key].received_at),
            where=f"{known.department(one.from_id)} → {known.department(one.to_id)}",
        )
        for one in wanted
        if one.key in samples
    ]
