"""What narrows the list: the choices of each filter, and what is set as links that take it away."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from flask_login import current_user
from markupsafe import Markup

from cps.cases.rules import Status
from cps.cases.rules.statuses import OUTCOMES
from cps.cases.wording import CHANNELS, PRIORITIES, status_look
from cps.core.i18n import OWN_NAMES, localized, ngettext, short_date
from cps.core.i18n import gettext as _
from cps.core.rendering import remembered
from cps.departments.catalogue import Catalogue
from cps.departments.rules import CategoryKind
from cps.triage import filter_words as words
from cps.triage import queries
from cps.triage.views.address import Asked
from cps.triage.wanted import Queue, Who, sorts_of, statuses_of
from cps.wards.queries import Areas

Choices = list[tuple[str, str]]

QUICK = ("kind", "status", "outcome", "category", "ward", "due", "priority", "department")
"""The filters above the list; all others stand on a page of their own."""

_desk_filter = remembered("components/desk.html", "desk_filter", keep=300)
_desk_filter_field = remembered("components/desk.html", "desk_filter_field", keep=100)


@dataclass(frozen=True, slots=True)
class Offering:
    """What the choices of filters are made of; `many`: whether there is more than one department."""

    queue: Queue
    catalogue: Catalogue
    areas: Areas
    many: bool


def _named(pairs: Mapping[Any, Any]) -> Callable[[Offering], Choices]:
    return lambda _offering: [(getattr(value, "value", value), str(word)) for value, word in pairs.items()]


def _statuses(offering: Offering) -> Choices:
    return [(s.value, str(status_look(s).word)) for s in statuses_of(offering.queue.box)]


def _outcomes(_offering: Offering) -> Choices:
    every = dict.fromkeys(outcome for kind in OUTCOMES.values() for outcome in sorted(kind))
    return [(one.value, str(status_look(Status.CLOSED, one).word)) for one in every]


def _categories(offering: Offering) -> Choices:
    offered = [one for kind in CategoryKind for one in offering.catalogue.offered(kind)]
    return [(one.code, localized(one.name)) for one in offered]


def _departments(offering: Offering) -> Choices:
    every = offering.catalogue.departments.values()
    return [(one.code, localized(one.name)) for one in every if one.is_active]


def _wards(offering: Offering) -> Choices:
    return [(one.code, localized(one.name)) for one in offering.areas.wards.values()]


OFFERS: Mapping[str, Callable[[Offering], Choices]] = {
    "kind": _named(words.KINDS),
    "status": _statuses,
    "outcome": _outcomes,
    "category": _categories,
    "department": _departments,
    "ward": _wards,
    "assignee": _named(words.PEOPLE),
    "priority": _named(PRIORITIES),
    "due": _named(words.DUES),
    "channel": _named(CHANNELS),
    "photo": _named(words.PHOTOS),
    "voice": _named(words.VOICES),
    "whose": _named(words.WHOSE),
    "reply": _named(words.REPLIES),
    "language": _named(OWN_NAMES),
    "within": _named(words.WITHINS),
    "sort": lambda offering: [(one.value, str(words.SORTS[one])) for one in sorts_of(offering.queue.box)[1:]],
}
"""What can be chosen in a filter, by its name in addresses."""


def fits(name: str, offering: Offering) -> bool:
    """Say whether a filter means something for the box, and for whoever works in one department alone."""
    if name in {"outcome", "within"}:
        return offering.queue.is_closed
    if name in {"due", "whose"}:
        return not offering.queue.is_closed
    return name != "department" or offering.many


def choices(wanted: Asked, offering: Offering) -> list[Markup]:
    """Return the filters above the list, and its order."""
    order, *others = [
        _desk_filter(
            name=name,
            label=str(words.LABELS[name]),
            choices=tuple(OFFERS[name](offering)),
            chosen=wanted.values.get(name, ""),
            otherwise=usual_order(wanted.queue) if name == "sort" else _("All"),
        )
        for name in ("sort", *QUICK)
        if fits(name, offering)
    ]
    return [order, *near_field(wanted, offering), *others]


def near_field(wanted: Asked, offering: Offering, *, among: bool = False) -> list[Markup]:
    """Return the field for the place from which "nearest" is measured; of closed cases none."""
    if wanted.queue.is_closed:
        return []
    wards = tuple(word for _code, word in _wards(offering)) if among else ()
    field = _desk_filter_field(
        name="near",
        label=str(words.LABELS["near"]),
        value=near_words(wanted.values, offering),
        hint=_("A street, a landmark or a ward"),
        among=wards,
    )
    return [field]


def near_words(values: Mapping[str, str], offering: Offering) -> str:
    """Return the place from which "nearest" is measured as it was typed, of a ward its name."""
    near = values.get("near", "")
    ward = offering.areas.wards.get(near)
    return localized(ward.name) if ward else near


def order_words(values: Mapping[str, str], queue: Queue, offering: Offering) -> str:
    """Return in which order a list stands."""
    if near := near_words(values, offering):
        return _("Nearest to %(place)s first", place=near)
    return str(words.SORTS[queue.sort])


def usual_order(queue: Queue) -> str:
    """Return the words of the order in which a box stands by itself."""
    return str(words.SORTS[sorts_of(queue.box)[0]])


def chips(wanted: Asked, offering: Offering) -> list[dict[str, Any]]:
    """Return the filters that are set, each as a link that takes it away."""
    return [
        {"text": text, "href": wanted.to_list(**{name: None, "after": None}), "removes": True}
        for name, text in in_words(wanted.filters, wanted.queue, offering)
    ]


def in_words(values: Mapping[str, str], queue: Queue, offering: Offering) -> Iterable[tuple[str, str]]:
    """Yield each filter that is set with its words."""
    told = {
        "q": f"“{queue.words}”",
        "category": localized(getattr(offering.catalogue.categories.get(queue.category_id or 0), "name", {})),
        "department": localized(
            getattr(offering.catalogue.departments.get(queue.department_id or 0), "name", {})
        ),
        "ward": localized(offering.areas.names.get(queue.ward_id or 0)),
        "area": _("On a part of the map"),
        "age": ngettext("Older than %(num)s day", "Older than %(num)s days", queue.older_than or 0),
        "since": _("Received from %(day)s", day=_day(values.get("since"))),
        "until": _("Received until %(day)s", day=_day(values.get("until"))),
        "backed": ngettext("Backed by %(num)s or more", "Backed by %(num)s or more", queue.backed or 0),
    }
    for name in values:
        if name == "assignee":
            yield name, _assignee(queue.assignee)
        else:
            yield name, told[name] if name in told else _chosen(name, values[name], offering)


def _chosen(name: str, value: str, offering: Offering) -> str:
    """Return the words of a choice; what says too little by itself stands with the name of its filter."""
    word = dict(OFFERS[name](offering)).get(value, value)
    if name in {"due", "within", "channel"}:
        return _("%(filter)s: %(value)s", filter=words.LABELS[name], value=word)
    return word


def _assignee(to: Who | int | None) -> str:
    if to is Who.ME:
        return _("Mine")
    if to is Who.NOBODY:
        return _("Nobody has it")
    known = dict(
        queries.assignees(current_user)
    )  # of nobody else is the name said to whoever guesses numbers
    return known.get(to or 0) or _("Somebody who has no case here")


def _day(written: str | None) -> str:
    if not written:
        return ""
    return short_date(datetime.fromisoformat(written).replace(hour=12, tzinfo=g.city.zone))
