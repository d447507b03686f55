"""A complaint as its page shows it: who has it, by when, what happened, which photos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from cps.cases.clock_models import DueChange
from cps.cases.models import PROMISED_THERE, Attachment, Case, CaseEvent
from cps.cases.names import names
from cps.cases.rules import Audience, EventKind, colour, speakers
from cps.cases.wording import event_words, reason_words
from cps.core.i18n import gettext as _
from cps.core.i18n import long_date
from cps.helpers.wording import helper_in


@dataclass(frozen=True, slots=True)
class Promise:
    """Who has a case and by when it is answered; `day` of `days` counts calendar days, as do the others."""

    department: str
    due: str
    due_iso: str
    day: int
    days: int
    late: int
    extended: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the story."""

    event: CaseEvent
    what: Any
    who: str
    colour: str | None
    is_answer: bool
    is_private: bool
    photos: list[Attachment]
    words: str
    """What was written; empty where it stands above as the words of the case."""

    @property
    def is_by_city(self) -> bool:
        """Whether the city says it to everybody: an answer, an update, a question."""
        return self.event.kind in CITY_SPEAKS and not self.is_private

    @property
    def whose(self) -> str:
        """Whose it is, as the city says of what is not its own to do; empty for all others."""
        return str(self.event.data.get("whose", ""))

    @property
    def reason(self) -> str:
        """Why the city says no, in the page's language; empty for all others."""
        return reason_words(self.event.data)

    @property
    def why_no_photo(self) -> str:
        """Why a repair was closed without a photo; empty for all others."""
        return str(self.event.data.get("why_no_photo", ""))


NOBODY: Mapping[int, str] = MappingProxyType({})
CITY_SPEAKS = frozenset(
    {
        EventKind.MOVED,
        EventKind.UPDATED,
        EventKind.ASKED,
        EventKind.TRANSFERRED,
        EventKind.EXTENDED,
        EventKind.JOINED,
    }
)


def promise_of(case: Case, *, now: datetime, zone: ZoneInfo, changes: Sequence[DueChange] = ()) -> Promise:
    """Return the promise card's facts; of `changes`, what moved the due date, the extensions are told."""
    start, end, today = (
        at.astimezone(zone).date() for at in (case.clock_started_at or case.received_at, case.due_at, now)
    )
    days = max(1, (end - start).days)
    return Promise(
        department=who_has(case),
        due=long_date(case.due_at),
        due_iso=end.isoformat(),
        day=min(max(1, (today - start).days), days),
        days=days,
        late=max(1, (today - end).days) if now > case.due_at and case.paused_at is None else 0,
        extended=sum(
            (change.after - change.before).days for change in changes if change.event_id is not None
        ),
    )


def who_has(case: Case) -> str:
    """Return who works on a case; of one about staff not the department, where nobody sees it."""
    return _("The integrity officer") if case.is_integrity else names().departments[case.department_id]


def imported_words(case: Case, events: Sequence[CaseEvent]) -> str:
    """Return from when a case of an earlier system is ours, and what had been promised there in vain."""
    came = _("It came here from an earlier system on %(date)s.", date=long_date(case.entered_at))
    promised = next((told for event in events if (told := event.data.get(PROMISED_THERE))), None)
    if not promised:
        return came
    there = _(
        "The date promised there, %(date)s, had passed. Ours counts from the day it came.",
        date=long_date(datetime.fromisoformat(promised)),
    )
    return f"{came} {there}"


def story_of(
    case: Case,
    events: Sequence[CaseEvent],
    photos: Sequence[Attachment],
    *,
    is_reporter: bool,
    helpers: Mapping[int, str] = NOBODY,
) -> list[Entry]:
    """Return the story, newest first, each event with its photos; `helpers` are names by account."""
    by_event: dict[int, list[Attachment]] = {}
    for photo in photos:
        if photo.event_id is not None:
            by_event.setdefault(photo.event_id, []).append(photo)
    return [
        Entry(
            event=event,
            what=event_words(event.kind, event.status, event.outcome, event.data),
            who=_who(case, event, said_by, is_reporter=is_reporter, helpers=helpers),
            colour=colour(event.status).value if event.status else None,
            is_answer=event.outcome is not None,
            is_private=event.audience is not Audience.PUBLIC,
            words=event.message if event.message != case.body else "",
            photos=by_event.get(event.id, []),
        )
        for event, said_by in reversed(list(zip(events, speakers(events, case.department_id), strict=True)))
    ]


def _who(case: Case, event: CaseEvent, said_by: int, *, is_reporter: bool, helpers: Mapping[int, str]) -> str:
    if by_helper := helper_in(case, event, helpers):
        return by_helper
    if event.kind in CITY_SPEAKS:
        return _department(said_by, case) if event.message else ""
    if event.audience is Audience.REPORTER and is_reporter:
        return _("Only you and the city see this")
    return ""


def _department(said_by: int, case: Case) -> str:
    known = names().departments
    return known.get(said_by, known[case.department_id])
