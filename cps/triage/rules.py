"""The boxes of the desk, what may be done to a case, how far a due date is; no Flask, no database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cps.accounts.rules import Role
from cps.cases.rules import CLOSED, UNTOUCHED, CaseKind, HandOff, Mover, Outcome, Status, moves_from


class Box(StrEnum):
    """A standing view of the queue; each has a count, but for the closed ones: they are too many."""

    NEW = "new"
    HANDED = "handed"
    MINE = "mine"
    DEPARTMENT = "department"
    TODAY = "today"
    LATE = "late"
    REPLIES = "replies"
    REOPENED = "reopened"
    CLOSED = "closed"


COUNTED = tuple(box for box in Box if box is not Box.CLOSED)


class Act(StrEnum):
    """What an officer does to a case; also the last part of its address."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    TAKE = "take"
    RELEASE = "release"
    REPLY = "reply"
    CLOSE = "close"
    SECOND = "second"
    REOPEN = "reopen"
    EXTEND = "extend"
    DECIDE = "decide"
    TRANSFER = "transfer"
    SORT = "sort"
    JOIN = "join"
    UNJOIN = "unjoin"
    PARTNER = "partner"
    RECALL = "recall"
    NOTE = "note"
    TRANSCRIBE = "transcribe"
    HERE = "here"
    MISSING = "missing"
    READ = "read"
    ABOUT_STAFF = "about-staff"


BUTTONS = frozenset({Act.ACCEPT, Act.TAKE, Act.RELEASE, Act.RECALL, Act.READ})
"""Acts that need no words: one press."""

SEEN_ELSEWHERE = frozenset({Act.TRANSFER, Act.JOIN, Act.PARTNER})
"""Acts that would show a complaint about staff or corruption to others than its integrity officers."""

BY_THE_CLOCK = frozenset({Act.EXTEND, Act.DECIDE})
"""Acts that the clock of the case allows or refuses, with a reason."""

UNDOABLE = frozenset(
    {
        *(Act.TAKE, Act.RELEASE, Act.READ, Act.REPLY, Act.CLOSE, Act.REOPEN),
        *(Act.TRANSFER, Act.SORT, Act.JOIN, Act.ABOUT_STAFF),
    }
)
"""Acts that can be undone for ten seconds: a date never moves back, and a note tells nobody."""

ASKED_THERE = BY_THE_CLOCK | {
    *(Act.ACCEPT, Act.REFUSE, Act.UNJOIN, Act.PARTNER, Act.RECALL),
    *(Act.HERE, Act.MISSING, Act.TRANSCRIBE, Act.ABOUT_STAFF, Act.SECOND),
}
"""Acts whose own service says whether they are allowed."""

NOT_YET = (Status.DRAFT, Status.GATHERING)
"""Open statuses that do not wait for the city; their cases are not at the desk."""

AT_DESK = (
    Status.RECEIVED,
    Status.TRIAGED,
    Status.IN_PROGRESS,
    Status.WAITING_RESIDENT,
    Status.WAITING_OTHERS,
    Status.PLANNED,
    Status.REOPEN_ASKED,
    Status.ANSWER_DUE,
)
"""Every status of a case that lies at the desk, in the order of the filter."""

NOBODY_WORKS = (Status.RECEIVED, Status.TRIAGED, Status.ANSWER_DUE)
"""What is new as long as nobody has taken it: a proposal is, from the moment the city owes it an answer."""

_TOLD = (Status.IN_PROGRESS, Status.WAITING_RESIDENT, Status.WAITING_OTHERS, Status.PLANNED)


@dataclass(frozen=True, slots=True)
class Offers:
    """What others than the move table say of a case: its clock, transfers, join, partners, voice note, staff.

    `hand` is where it stands between departments, for somebody of the department that has it.
    """

    may_extend: bool = False
    may_decide: bool = False
    may_second: bool = False
    hand: HandOff = UNTOUCHED
    is_joined: bool = False
    may_send: bool = False
    may_write_down: bool = False
    may_be_about_staff: bool = False


NO_OFFERS = Offers()


def offers_joined(kind: CaseKind, outcome: Outcome | None) -> bool:
    """Return whether a case was joined as complaints are, so that it can be parted again."""
    return kind is CaseKind.COMPLAINT and outcome is Outcome.JOINED


def acts(kind: CaseKind, status: Status, *, is_own: bool, offers: Offers = NO_OFFERS) -> list[Act]:
    """Return what may be done to a case in this status, in the order of the buttons."""
    may = moves_from(kind, status, Mover.STAFF)
    writes = [Act.TRANSCRIBE] if offers.may_write_down else []
    if status in CLOSED:
        again = [Act.UNJOIN] if offers.is_joined else [Act.REOPEN] if Status.IN_PROGRESS in may else []
        return [*writes, *again, Act.NOTE]
    ends = [Act.CLOSE] if Status.CLOSED in may else []
    joins = [Act.JOIN] if Status.CLOSED in may else []
    return [
        *([Act.ACCEPT] if offers.hand.waits else []),
        *([Act.REFUSE] if offers.hand.may_refuse else []),
        *writes,
        Act.RELEASE if is_own else Act.TAKE,
        Act.REPLY,
        *([Act.SECOND] if offers.may_second else []),
        *ends,
        *([Act.DECIDE] if offers.may_decide else []),
        *([Act.EXTEND] if offers.may_extend else []),
        *([Act.TRANSFER] if offers.hand.may_pass_on else []),
        *([Act.PARTNER] if offers.may_send else []),
        Act.SORT,
        *joins,
        Act.NOTE,
        *([Act.ABOUT_STAFF] if offers.may_be_about_staff else []),
    ]


def moves_with_reply(kind: CaseKind, status: Status) -> list[Status]:
    """Return where a reply may take a case besides only telling; to say "we work on it" twice is no move."""
    may = moves_from(kind, status, Mover.STAFF)
    return [to for to in _TOLD if to in may and not (to is status is Status.IN_PROGRESS)]


@dataclass(frozen=True, slots=True)
class Due:
    """How far a due date is, as the desk shows it: whole days, and late is the only red."""

    is_late: bool
    days: int

    @property
    def colour(self) -> str:
        """Red only when late, yellow today and tomorrow, else plain."""
        if self.is_late:
            return "waiting"
        return "in-hand" if self.days <= 1 else "plain"


def due(due_at: datetime, *, now: datetime, zone: ZoneInfo) -> Due:
    """Return the distance in calendar days of the city; a case is late from the very moment it is due."""
    days = (due_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    return Due(is_late=now > due_at, days=abs(days))


def end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the midnight with which the city's day ends."""
    local = now.astimezone(zone)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def end_of_week(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the midnight with which the city's Sunday ends."""
    sunday = now.astimezone(zone) + timedelta(days=6 - now.astimezone(zone).weekday())
    return end_of_day(sunday, zone)


def first_box(roles: Collection[Role]) -> Box:
    """Return the box with which somebody's desk opens as long as they chose no other."""
    return Box.LATE if Role.SUPERVISOR in roles else Box.NEW
