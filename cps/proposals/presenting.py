"""A proposal as its pages show it: how far its support is, what is delivered, what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.names import names
from cps.cases.rules import EventKind, Outcome, Status, colour, speakers
from cps.cases.wording import event_words
from cps.core.i18n import gettext as _
from cps.core.i18n import long_date, ngettext, number
from cps.proposals.models import Delivery, Milestone, Proposal
from cps.proposals.queries import Supports
from cps.proposals.rules import Part, days_late, is_late
from cps.proposals.services.writing import ADDITION


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a proposal is to its goal, in numbers and sentences."""

    total: int
    needed: int
    counted: str
    left: str
    promise: str
    apart: Sequence[str]

    @property
    def shown(self) -> int:
        """The length of the bar, of `needed`."""
        return min(self.total, self.needed)


@dataclass(frozen=True, slots=True)
class MilestoneInWords:
    """A part of the delivery: what, when, and how late in words; `state` is done, late or coming."""

    title: str
    language: str
    state: str
    icon: str
    when: str
    note: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the story."""

    event: CaseEvent
    what: Any
    who: str
    words: str
    colour: str | None
    is_by_city: bool
    photos: list[Attachment]


def day_in_words(day: date, zone: ZoneInfo) -> str:
    """Return a day of the city written out."""
    return long_date(datetime.combine(day, time(12), tzinfo=zone))


def progress_of(proposal: Proposal, supports: Supports, now: datetime) -> Progress:
    """Return how far a proposal is to its goal, with what came from elsewhere told apart."""
    needed, case = proposal.needed, proposal.case
    return Progress(
        total=supports.total,
        needed=needed,
        counted=ngettext("%(total)s of %(num)s support", "%(total)s of %(num)s supports", needed,
                         total=number(supports.total)),
        left=time_left(proposal.gathers_until, now) if case.status is Status.GATHERING else "",
        promise=_promise(proposal, supports) if case.status is Status.GATHERING else "",
        apart=[words for words in (_joined(supports), _former(proposal, supports)) if words],
    )  # fmt: skip


def time_left(until: datetime, now: datetime) -> str:
    """Return in words how long a proposal still gathers support."""
    hours = (until - now).total_seconds() / 3600
    if hours <= 0:
        return _("The time is over")
    if hours < 24:
        return _("Less than a day left")
    return ngettext("%(num)s day left", "%(num)s days left", round(hours / 24))


def how_far(delivery: Delivery, parts: Sequence[Milestone]) -> tuple[int, str]:
    """Return how far a delivery is, in percent and in words.

    It is what the department says; by its milestones while it has said nothing.
    """
    done = sum(part.done_on is not None for part in parts)
    if delivery.percent or not done:
        return delivery.percent, _("%(percent)s %% done", percent=number(delivery.percent))
    words = ngettext(
        "%(done)s of %(num)s milestone done",
        "%(done)s of %(num)s milestones done",
        len(parts),
        done=number(done),
    )
    return done * 100 // len(parts), words


def _promise(proposal: Proposal, supports: Supports) -> str:
    named = {"department": names().departments[proposal.case.department_id], "days": proposal.answer_days}
    missing = proposal.needed - supports.total
    if missing <= 0:
        return _("The goal is reached: %(department)s must answer within %(days)s working days.", **named)
    return ngettext(
        "With %(num)s more, %(department)s must answer within %(days)s working days.",
        "With %(num)s more, %(department)s must answer within %(days)s working days.",
        missing,
        **named,
    )


def _joined(supports: Supports) -> str:
    if not supports.joined:
        return ""
    return ngettext(
        "%(num)s of them came with a proposal that was joined to this one.",
        "%(num)s of them came with proposals that were joined to this one.",
        supports.joined,
    )


def _former(proposal: Proposal, supports: Supports) -> str:
    if not supports.former:
        return ""
    site = proposal.former_site or _("the former site")
    return _("%(count)s of them on %(site)s.", count=number(supports.former), site=site)


def milestones_in_words(parts: Sequence[Milestone], today: date, zone: ZoneInfo) -> list[MilestoneInWords]:
    """Return the parts of a delivery with what is late, by the day that was promised first."""
    return [_milestone(part, today, zone) for part in parts]


def _milestone(row: Milestone, today: date, zone: ZoneInfo) -> MilestoneInWords:
    part = Part(row.promised_on, row.due_on, row.done_on)
    late = days_late(part, today)
    notes = []
    if row.due_on != row.promised_on:
        notes.append(_("First promised for %(date)s.", date=day_in_words(row.promised_on, zone)))
    if late:
        notes.append(ngettext("%(num)s day late.", "%(num)s days late.", late))
    if row.done_on is not None:
        state, icon, when = "done", "check", _("Done on %(date)s", date=day_in_words(row.done_on, zone))
    else:
        state = "late" if is_late(part, today) else "coming"
        icon, when = "calendar-clock", _("Due %(date)s", date=day_in_words(row.due_on, zone))
    return MilestoneInWords(row.title, row.language, state, icon, when, " ".join(notes))


def additions(events: Sequence[CaseEvent]) -> list[CaseEvent]:
    """Return what the author added after the first words, oldest first."""
    return [event for event in events if event.data.get(ADDITION)]


def story_of(case: Case, events: Sequence[CaseEvent], photos: Sequence[Attachment]) -> list[Entry]:
    """Return what happened, newest first; the answer and additions stand on the page by themselves."""
    by_event: dict[int, list[Attachment]] = {}
    for photo in photos:
        if photo.event_id is not None:
            by_event.setdefault(photo.event_id, []).append(photo)
    return [
        Entry(
            event=event,
            what=_what(event),
            who=_who(case, event, said_by),
            words="" if _stands_alone(event) else event.message,
            colour=colour(event.status).value if event.status else None,
            is_by_city=_is_by_city(event) and bool(event.message),
            photos=by_event.get(event.id, []),
        )
        for event, said_by in reversed(list(zip(events, speakers(events, case.department_id), strict=True)))
    ]


def _what(event: CaseEvent) -> Any:
    if event.kind is EventKind.FILED:
        return _("Proposed")
    if event.data.get(ADDITION):
        return _("Its author added something")
    if "to" in event.data and "milestone" in event.data:
        return _("Milestone moved: %(title)s", title=event.data["milestone"])
    if "milestone" in event.data:
        return _("Milestone done: %(title)s", title=event.data["milestone"])
    outcome = event.outcome if event.status is Status.ANSWERED else None
    return event_words(event.kind, event.status, outcome, event.data)


def _stands_alone(event: CaseEvent) -> bool:
    is_answer = event.status is Status.ANSWERED and event.outcome is not Outcome.JOINED
    return bool(event.data.get(ADDITION)) or is_answer


def _is_by_city(event: CaseEvent) -> bool:
    by_author = event.data.get(ADDITION) or event.status in {Status.WITHDRAWN, Status.EXPIRED}
    return event.kind is not EventKind.FILED and not by_author


def _who(case: Case, event: CaseEvent, said_by: int) -> str:
    if not event.message or not _is_by_city(event):
        return ""
    known = names().departments
    return known.get(said_by, known[case.department_id])
