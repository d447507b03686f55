"""Alerts in words: where they listen, of what they tell, how often."""

from collections.abc import Mapping
from typing import Any

from cps.alerts.rules import DIGEST_AT, Rhythm, Wish
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import listed, localized, number
from cps.departments import queries as departments
from cps.wards import queries as wards

WHAT: Mapping[str, Any] = {
    "problems": _l("New problems that people report"),
    "proposals": _l("New proposals"),
    "answers": _l("What was fixed or answered"),
    "notices": _l("Notices of the city: water off, road closed …"),
}
"""What can be told, by the name of its field."""

SHORT_WHAT: Mapping[str, Any] = {
    "problems": _l("New problems"),
    "proposals": _l("New proposals"),
    "answers": _l("Answers"),
    "notices": _l("Notices"),
}

HOW_OFTEN: Mapping[Rhythm, Any] = {
    Rhythm.AT_ONCE: _l("At once"),
    Rhythm.DAILY: _l("Every day at %(hour)s:00, if there is something", hour=DIGEST_AT.hour),
    Rhythm.WEEKLY: _l("Every Monday at %(hour)s:00, if there is something", hour=DIGEST_AT.hour),
}

SHORT_HOW_OFTEN: Mapping[Rhythm, Any] = {
    Rhythm.AT_ONCE: _l("At once"),
    Rhythm.DAILY: _l("Daily"),
    Rhythm.WEEKLY: _l("Weekly"),
}


def distance(metres: int) -> str:
    """Return a distance as people say it: 500 m, 2 km."""
    if metres < 1_000:
        return _("%(number)s m", number=number(metres))
    return _("%(number)s km", number=number(metres / 1_000))


def where(wish: Wish) -> str:
    """Return where an alert listens, in the running language."""
    ward = localized(wards.areas().names.get(wish.ward_id)) if wish.ward_id else ""
    if wish.circle is None:
        return ward or _("The whole city")
    around = distance(wish.circle.radius_m)
    if ward:
        return _("%(distance)s around a place in %(ward)s", distance=around, ward=ward)
    return _("%(distance)s around a place", distance=around)


def category(wish: Wish) -> str:
    """Return the category of an alert in the running language; "" where it hears of all."""
    if wish.category_id is None:
        return ""
    return localized(departments.catalogue().categories[wish.category_id].name)


def name(wish: Wish) -> str:
    """Return what to call an alert: where it listens, and its category where it has one."""
    return " · ".join(part for part in (where(wish), category(wish)) if part)


def what(wish: Wish) -> str:
    """Return of what an alert tells, in few words."""
    return listed(str(words) for field, words in SHORT_WHAT.items() if getattr(wish, field))
