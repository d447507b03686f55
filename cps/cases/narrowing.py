"""By what public lists are narrowed, in words, as far as lists of every kind of case have it."""

from collections.abc import Mapping
from datetime import datetime, time

from cps.cases.asking import day
from cps.cases.names import names
from cps.cases.queries import Filter
from cps.core.i18n import gettext as _
from cps.core.i18n import long_date, zone


def in_words(wanted: Filter, asked: Mapping[str, str]) -> dict[str, str]:
    """Return the filters that narrow a list, by their names in the address; others are empty."""
    named = names()
    return {
        "q": f"“{wanted.words}”" if wanted.words.strip() else "",
        "category": named.categories.get(wanted.category_id or 0, ""),
        "ward": named.wards.get(wanted.ward_id, "") if wanted.ward_id else "",
        "department": named.departments.get(wanted.department_id or 0, ""),
        "since": _("Received from %(day)s", day=_day(asked["since"])) if wanted.received_from else "",
        "until": _("Received until %(day)s", day=_day(asked["until"])) if wanted.received_before else "",
        "late": _("Late: the promised date has passed") if wanted.due_before else "",
        "extended": _("Given a later date") if wanted.is_extended else "",
        "answered-from": _("Answered from %(day)s", day=_day(asked["answered-from"]))
        if wanted.answered_from
        else "",
        "answered-until": _("Answered until %(day)s", day=_day(asked["answered-until"]))
        if wanted.answered_before
        else "",
        "box": _("On one part of the map") if wanted.box else "",
        "near": _("Around one place") if wanted.near else "",
    }


def _day(written: str) -> str:
    found = day(written)
    return long_date(datetime.combine(found, time(12), tzinfo=zone())) if found else ""
