"""Goals of proposals as administrators read them: what is asked where, why the usual one, what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.cases.names import names
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext, number
from cps.core.models import AuditRow
from cps.proposals.rules import SETTING, Goal, Settings


@dataclass(frozen=True, slots=True)
class Change:
    """A change of what is set: what and where, the numbers before and after, who and when."""

    what: str
    words: str
    who: str
    at: datetime


def in_words(goal: Goal) -> str:
    """Return what a goal asks."""
    supports = ngettext("%(num)s support", "%(num)s supports", goal.supports)
    within = ngettext("within %(num)s day", "within %(num)s days", goal.days)
    answer = ngettext("answer in %(num)s working day", "answer in %(num)s working days", goal.answer_days)
    return f"{supports} {within}, {answer}"


def where(area: str) -> str:
    """Return an area by its key: the whole city, or the names of a category and a ward."""
    known, keys = names(), dict(part.split(":") for part in area.split("/") if ":" in part)
    category = known.categories.get(int(keys.get("category", 0)), "")
    ward = known.wards.get(int(keys.get("ward", 0)), "")
    return ", ".join(one for one in (category, ward) if one) or _("The whole city")


def reason_of(people: int | None) -> str:
    """Return why the usual goal has its number, by how many people live in the city."""
    if people is None:
        return _("The number for a city of 300,000, because not every ward says how many people live there.")
    return _(
        "0.6 times the cube root of %(people)s people, ten at least: cities that asked for more had to lower"
        " it, and a city ten times as large does not give anybody ten times as many neighbours.",
        people=number(people),
    )


def history(rows: Sequence[AuditRow], people: Mapping[int, str]) -> list[Change]:
    """Return what was changed, in the order of the rows; `people` are names by account."""
    return [_change(row, people) for row in rows]


def _change(row: AuditRow, people: Mapping[int, str]) -> Change:
    who = people.get(row.actor_id or 0, "") or _("on the console")
    if row.object_kind == "city":
        return Change(_("Who may support, and who reads an answer"), _settings(row.changes), who, row.at)
    is_dropped = row.action == "drop-threshold"
    words = _("Taken away") if is_dropped else _numbers(row.changes)
    return Change(where(row.object_id), words, who, row.at)


def _numbers(changes: Mapping[str, Any]) -> str:
    labels = {"supports": _("supports"), "days": _("days"), "answer_days": _("working days for the answer")}
    told = [f"{label}: {_from_to(*changes[name])}" for name, label in labels.items() if name in changes]
    return ", ".join(told) or _("Department or reason")


def _from_to(before: Any, after: Any) -> str:
    return number(after) if before is None else f"{number(before)} → {number(after)}"


def _settings(changes: Mapping[str, Any]) -> str:
    now = Settings.of({SETTING: changes[SETTING][1]}) if SETTING in changes else Settings()
    reader = _("a second reader") if now.second_reader else _("no second reader")
    return f"{assurance_words()[now.assurance.value]}, {reader}"


def assurance_words() -> dict[str, str]:
    """Return who may support, by the value of the setting."""
    return {
        "address": _("Who has proven an e-mail address or a phone number"),
        "register": _("Who has proven to be in the register of residents"),
    }
