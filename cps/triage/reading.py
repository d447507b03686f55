"""Reads what an address or a saved view asks of the desk: what exists is taken, the rest is said plainly."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from cps.cases.rules import CLOSED, CaseKind, Channel, Outcome, Priority, Status
from cps.cases.rules.boxes import read_box
from cps.core import text
from cps.core.i18n import gettext as _
from cps.core.search import search_text
from cps.departments.catalogue import Catalogue
from cps.triage.filter_words import LABELS, SORTS
from cps.triage.rules import Box
from cps.triage.wanted import Due, Place, Queue, Sort, Who, Within, sorts_of, statuses_of
from cps.wards.coordinates import BadCoordinate, parse_latitude, parse_longitude
from cps.wards.geometry import inner_point
from cps.wards.queries import Areas

LONGEST_WORDS = 200
LONGEST_VALUE = 120
MOST = 10_000
"""The largest number that a filter takes."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,5}")
_KEY = re.compile(r"[1-9][0-9]{0,17}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")


@dataclass(frozen=True, slots=True)
class Here:
    """What names mean in this city."""

    catalogue: Catalogue
    areas: Areas
    zone: ZoneInfo
    place_called: Callable[[str], Place | None] = lambda _words: None
    """Says where an address or a landmark is."""


@dataclass(frozen=True, slots=True)
class Read:
    """What is asked for, the values that say it, and a sentence for each that says nothing."""

    queue: Queue
    values: dict[str, str]
    problems: tuple[str, ...] = ()


class NotReadError(Exception):
    """A value that means nothing here; `args[0]` says what it should be."""


Reader = Callable[[str, Here], Any]


def _one_of(kind: type[StrEnum]) -> Reader:
    return lambda raw, _here: kind(raw)


def _flag(raw: str, _here: Here) -> bool:
    return {"yes": True, "no": False}[raw]


def _category(raw: str, here: Here) -> int:
    known = here.catalogue.category(raw)
    if known is None:
        raise KeyError(raw)
    return known.id


def _department(raw: str, here: Here) -> int:
    known = here.catalogue.department(raw)
    if known is None:
        raise KeyError(raw)
    return known.id


def _ward(raw: str, here: Here) -> int:
    return here.areas.wards[raw].id


def _area(raw: str, _here: Here) -> Any:
    area = read_box(raw)
    if area is None:
        raise NotReadError(_("a part of the map: west, south, east and north in degrees, with commas"))
    return area


def _assignee(raw: str, _here: Here) -> Who | int:
    return int(raw) if _KEY.fullmatch(raw) else Who(raw)


def _number(raw: str, _here: Here) -> int:
    if not _NUMBER.fullmatch(raw) or not 1 <= int(raw) <= MOST:
        raise NotReadError(_("a whole number from 1 to %(most)s", most=MOST))
    return int(raw)


def _midnight(raw: str, here: Here, *, days_on: int = 0) -> datetime:
    """Return the midnight with which a day of the city begins."""
    try:
        day = date.fromisoformat(raw) if _DAY.fullmatch(raw) else date.min
    except ValueError:
        day = date.min
    if not 1970 <= day.year <= 2100:
        raise NotReadError(_("a date such as 2026-11-30"))
    day += timedelta(days=days_on)
    return datetime(day.year, day.month, day.day, tzinfo=here.zone)


def _language(raw: str, _here: Here) -> str:
    if not _LANGUAGE.fullmatch(raw):
        raise KeyError(raw)
    return raw


FIELDS: Mapping[str, tuple[str, Reader]] = {
    "kind": ("kind", _one_of(CaseKind)),
    "status": ("status", _one_of(Status)),
    "outcome": ("outcome", _one_of(Outcome)),
    "category": ("category_id", _category),
    "department": ("department_id", _department),
    "ward": ("ward_id", _ward),
    "area": ("area", _area),
    "assignee": ("assignee", _assignee),
    "priority": ("priority", _one_of(Priority)),
    "due": ("due", _one_of(Due)),
    "age": ("older_than", _number),
    "since": ("received_from", _midnight),
    "until": ("received_before", lambda raw, here: _midnight(raw, here, days_on=1)),
    "channel": ("channel", _one_of(Channel)),
    "photo": ("has_photo", _flag),
    "voice": ("is_unwritten", lambda raw, _here: {"yes": True}[raw]),
    "whose": ("is_unclear", lambda raw, _here: {"unclear": True}[raw]),
    "backed": ("backed", _number),
    "reply": ("has_reply", _flag),
    "language": ("language", _language),
    "within": ("within", _one_of(Within)),
}
"""Names in addresses, with the field of `Queue` and how it is read."""

FILTERS = ("q", *FIELDS)
PLACES = ("lat", "lon", "near")
ADDRESS = ("box", *FILTERS, "sort", *PLACES)
"""Everything that the address of a list holds, but the key of its page."""


def read(asked: Mapping[str, str], here: Here, *, usual: Box = Box.NEW) -> Read:
    """Return what these values ask for; without a box it is the usual one."""
    raw = {name: asked.get(name, "")[: 2 * LONGEST_WORDS] for name in ADDRESS}
    problems: list[str] = []
    words = text.one_line(raw["q"])[:LONGEST_WORDS]
    found: dict[str, Any] = {"words": words}
    values = {"q": words}
    for name, (attribute, reader) in FIELDS.items():
        if not raw[name]:
            continue
        try:
            found[attribute] = reader(raw[name], here)
        except NotReadError as error:
            problems.append(_not_read(name, raw[name], error.args[0]))
        except (ValueError, KeyError):
            problems.append(_gone(name, raw[name]))
        else:
            values[name] = raw[name]
    box = _box(raw["box"], found, usual, problems)
    queue = _fitting(Queue(box=box, **found), values, problems)
    queue, more = _ordered(queue, raw, here, problems)
    kept = {"box": queue.box.value, **{name: values[name] for name in FILTERS if values.get(name)}, **more}
    return Read(queue, kept, tuple(problems))


def _box(raw: str, found: Mapping[str, Any], usual: Box, problems: list[str]) -> Box:
    """Return the box; whoever asks how cases ended asks for closed ones."""
    if found.get("outcome") is not None or found.get("status") in CLOSED:
        return Box.CLOSED
    if raw and raw not in list(Box):
        problems.append(_gone("box", raw))
    return Box(raw) if raw in list(Box) else usual


def _fitting(queue: Queue, values: dict[str, str], problems: list[str]) -> Queue:
    """Return a queue without filters that contradict its box or one another; says which."""
    if queue.status is not None and queue.status not in statuses_of(queue.box):
        problems.append(_gone("status", values.pop("status")))
        queue = replace(queue, status=None)
    if queue.is_closed and queue.due is not None:
        values.pop("due")
        problems.append(_("Closed cases are not due any more. The list is shown without that filter."))
        queue = replace(queue, due=None)
    if not queue.is_closed:
        values.pop("within", None)
    begin, end = queue.received_from, queue.received_before
    if begin is not None and end is not None and begin >= end:
        problems.append(_("“Received from” lies after “received until”, so nothing can fit. Change one."))
    return queue


def _ordered(
    queue: Queue, raw: Mapping[str, str], here: Here, problems: list[str]
) -> tuple[Queue, dict[str, str]]:
    """Return a queue with its order, and the values that say it; "nearest" wants a place."""
    sort, named = _sort(queue.box, raw, problems)
    if sort is not Sort.NEAREST:
        return replace(queue, sort=sort), {"sort": sort.value} if named else {}
    place, values = _place(raw, queue.ward_id, here, problems)
    if place is None:
        problems.append(
            _("“Nearest” wants a place. Write a street, a landmark or a ward, or use your position.")
        )
        return replace(queue, sort=sorts_of(queue.box)[0]), {}
    return replace(queue, sort=sort, place=place), {"sort": sort.value, **values}


def _sort(box: Box, raw: Mapping[str, str], problems: list[str]) -> tuple[Sort, bool]:
    """Return the order, and whether it is another than the usual one of the box."""
    possible = sorts_of(box)
    asked = raw["sort"] or (Sort.NEAREST.value if raw["lat"] or raw["near"] else "")
    if not asked or (asked in possible and asked == possible[0]):
        return possible[0], False
    if asked in possible:
        return Sort(asked), True
    if asked not in list(Sort):
        problems.append(_gone("sort", asked))
    elif raw["sort"]:
        why = _("“%(order)s” is no order of this box. It stands in its usual one.", order=SORTS[Sort(asked)])
        problems.append(why)
    return possible[0], False


def _place(
    raw: Mapping[str, str], ward_id: int | None, here: Here, problems: list[str]
) -> tuple[Place | None, dict[str, str]]:
    """Return where "nearest" is measured from: a typed place, else a position, else the middle of a ward."""
    near = text.one_line(raw["near"])[:LONGEST_VALUE]
    if code := _ward_called(near, here):
        return _middle(code, here), {"near": code}
    if near and (found := here.place_called(near)) is not None:
        return found, {"near": near}
    if near:
        problems.append(_gone("near", near))
    if raw["lat"] or raw["lon"]:
        return _position(raw, problems)
    return _middle(here.areas.codes.get(ward_id or 0, ""), here), {}


def _position(raw: Mapping[str, str], problems: list[str]) -> tuple[Place | None, dict[str, str]]:
    try:
        lat, lon = parse_latitude(raw["lat"]), parse_longitude(raw["lon"])
    except BadCoordinate:
        position = f"{raw['lat']}, {raw['lon']}"
        problems.append(_not_read("lat", position, _("a position, such as 14.5995 and 120.9842")))
        return None, {}
    return (lat, lon), {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"}


def _middle(code: str, here: Here) -> Place | None:
    """Return a point well inside a ward; None where nobody knows where it lies."""
    outline = here.areas.outlines.get(code)
    return inner_point(outline) if outline else None


def _ward_called(near: str, here: Here) -> str:
    """Return the code of a ward by that or by its name in any language; empty for all else."""
    if near in here.areas.wards:
        return near
    plain = search_text(near)
    named = (one.code for one in here.areas.wards.values() if plain in map(search_text, one.name.values()))
    return next(named, "") if plain else ""


def _gone(name: str, value: str) -> str:
    return _(
        "%(filter)s: there is no “%(value)s” here, or no longer. The list is shown without it.",
        filter=LABELS[name],
        value=text.one_line(value)[:LONGEST_VALUE],
    )


def _not_read(name: str, value: str, wanted: str) -> str:
    return _(
        "%(filter)s: “%(value)s” is not %(wanted)s. The list is shown without it.",
        filter=LABELS[name],
        value=text.one_line(value)[:LONGEST_VALUE],
        wanted=wanted,
    )
