"""The rows of the list in the words of the page's language, ready to be written out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from cps.cases import reference as references
from cps.cases.queries.handing import WAITS
from cps.cases.rules import CaseKind, Priority, Status, TransferAnswer
from cps.cases.wording import status_look
from cps.core import i18n
from cps.core.i18n import current_language, localized, ngettext, number, short_date
from cps.core.i18n import gettext as _
from cps.core.rendering import remembered
from cps.departments.catalogue import Catalogue
from cps.triage.rules import Due, due
from cps.triage.wanted import Place
from cps.wards.geometry import distance_m
from cps.wards.queries import Areas

DOT = "\u00a0· "
_desk_row = remembered("components/desk.html", "desk_row", keep=1_000)
STEPS = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Writing:
    """What the rows of a page have in common: who reads them, when, the names of things, where they lead.

    `open_id` is the case that stands beside the list; without one the rows are headings. `place` is where
    their distance is measured from, `silent` are those that came back without the reply they waited for,
    `for_second` those whose end waits for a colleague, `unclear` those that nobody wants to have.
    """

    now: datetime
    zone: ZoneInfo
    reader_id: int
    catalogue: Catalogue
    areas: Areas
    shows_department: bool
    href: Callable[[str], str]
    thumb: Callable[[str | None], str | None]
    open_id: int | None
    place: Place | None = None
    silent: frozenset[int] = frozenset()
    for_second: frozenset[int] = frozenset()
    unclear: frozenset[int] = frozenset()


def written(rows: Sequence[Any], writing: Writing) -> list[Markup]:
    """Return the rows of `queries.queue` as they stand in the list."""
    return [_row(row, writing) for row in rows]


def _row(row: Any, writing: Writing) -> Markup:
    words, colour = _mark(row, writing)
    return _desk_row(
        href=writing.href(row.reference),
        reference=references.display(row.reference),
        title=row.title,
        due=words,
        due_colour=colour,
        thumb=writing.thumb(row.photo),
        icon=status_look(row.status, row.outcome).icon,  # of every page: the desk loads none of categories
        marks=_marks(row, writing),
        meta=DOT.join(part for part in _meta(row, writing) if part),
        lang=row.language,
        current=row.id == writing.open_id,
        select="case",
        form="bulk",
        level=2 if writing.open_id is None else None,
    )


def _mark(row: Any, writing: Writing) -> tuple[str, str]:
    """Return how far the date is, or how it ended, with the colour."""
    if row.closed_at is None:
        return clock_mark(row, now=writing.now, zone=writing.zone)
    look = status_look(row.status, row.outcome)
    return str(look.word), look.colour


def clock_mark(case: Any, *, now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Return words and colour of how far the date of a case is: only what is late is red.

    What nobody has looked at in time is late, what waits for its resident is not.
    """
    when = due(case.due_at, now=now, zone=zone)
    if case.paused_at is not None:
        return _("paused"), "plain"
    is_unseen = case.acknowledged_at is None and case.acknowledge_by is not None and case.acknowledge_by < now
    if is_unseen and not when.is_late:
        return _("not seen in time"), "waiting"
    return due_words(when), when.colour


def due_words(when: Due) -> str:
    """Return how far a due date is: "3 days", "today", "2 days late"."""
    if when.is_late:
        return ngettext("%(num)s day late", "%(num)s days late", when.days) if when.days else _("late")
    return ngettext("%(num)s day", "%(num)s days", when.days) if when.days else _("today")


def _marks(row: Any, writing: Writing) -> tuple[tuple[str, str], ...]:
    """Return what stands out, as icon and words."""
    marks = []
    if row.priority is Priority.URGENT:
        marks.append(("siren", _("Urgent")))
    if row.id in writing.silent:
        marks.append(("hourglass", _("No reply")))
    elif row.has_unread_reply:
        marks.append(("message-circle", _("Reply received")))
    if row.status is Status.REOPEN_ASKED:
        marks.append(("rotate-ccw", _("Reopen asked")))
    if row.id in writing.for_second:
        marks.append(("eye", _("Second pair of eyes")))
    marks += _handed(row, writing)
    if row.is_private:
        marks.append(("lock", _("Private")))
    return tuple(marks)


def _handed(row: Any, writing: Writing) -> list[tuple[str, str]]:
    """Return where a case stands between departments, as icon and words."""
    if row.id in writing.unclear:
        return [("circle-question-mark", _("It is not clear whose this is"))]
    if row.handed == WAITS:
        return [("corner-up-right", _("Handed over"))]
    return [("corner-up-left", _("Handed back"))] if row.handed == TransferAnswer.REFUSED.value else []


def _meta(row: Any, writing: Writing) -> list[str]:
    catalogue, wards = writing.catalogue, writing.areas.names
    return [
        _owed(row) if row.kind is CaseKind.PROPOSAL else "",
        _away(row, writing.place) if writing.place else "",
        row.address or localized(wards.get(row.ward_id)),
        localized(catalogue.categories[row.category_id].name),
        localized(catalogue.departments[row.department_id].name) if writing.shows_department else "",
        _age(row.received_at, writing.now),
        _backed(row),
        (row.assignee_name or "") if row.assignee_id != writing.reader_id else "",
    ]


def _away(row: Any, place: Place) -> str:
    """Return how far a case is from a place: tens of metres, from a kilometre on tenths of one."""
    if row.lat is None:
        return _("no place known")
    metres = distance_m(*place, row.lat, row.lon)
    if metres < 995:
        return _("%(metres)s m away", metres=number(round(metres, -1)))
    return _("%(km)s km away", km=number(round(metres / 1000, 1)))


def _owed(row: Any) -> str:
    """Return what the row of a proposal is about: the answer that is owed by a day."""
    if row.status is not Status.ANSWER_DUE:
        return _("Proposal")
    return _("Proposal: answer owed by %(date)s", date=short_date(row.due_at))


def _backed(row: Any) -> str:
    """Return how many stand behind it; of a proposal also when nobody does."""
    backed = row.support_count
    if row.kind is CaseKind.PROPOSAL:
        return ngettext("%(num)s support", "%(num)s supports", backed)
    return ngettext("%(num)s backs it", "%(num)s back it", backed) if backed else ""


def _age(at: datetime, now: datetime) -> str:
    """Return how long ago something was, in whole days, hours or minutes, at least one."""
    passed = now - at
    step = next((step for step in STEPS if passed >= step), STEPS[-1])
    return _ago(max(passed // step, 1) * step, current_language())


@lru_cache(maxsize=4096)
def _ago(passed: timedelta, _language: str) -> str:
    """Return the words; the same few ages come again in every list, and making them is slow."""
    moment = datetime(2000, 1, 1)  # noqa: DTZ001 - only the distance counts
    return i18n.ago(moment - passed, moment)
