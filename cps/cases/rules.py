"""The life of a case: statuses, outcomes, who may move it where and with what; no Flask, no database.

Both move tables stand here. A move says who may make it and which message it needs; everything that is
not in the table is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CaseKind(StrEnum):
    """A complaint (something is broken here) or a proposal (the city should do this)."""

    COMPLAINT = "complaint"
    PROPOSAL = "proposal"


class Status(StrEnum):
    """Where a case is in its life; complaints use the first eight, proposals the others."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    IN_PROGRESS = "in-progress"
    WAITING_RESIDENT = "waiting-resident"
    WAITING_OTHERS = "waiting-others"
    PLANNED = "planned"
    CLOSED = "closed"
    REOPEN_ASKED = "reopen-asked"

    DRAFT = "draft"
    GATHERING = "gathering"
    ANSWER_DUE = "answer-due"
    ANSWERED = "answered"
    IN_DELIVERY = "in-delivery"
    DELIVERED = "delivered"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """How a closed case ended; "closed" never stands alone."""

    FIXED = "fixed"
    ANSWERED = "answered"
    NOT_OURS = "not-ours"
    CANNOT_BE_DONE = "cannot-be-done"
    JOINED = "joined"

    ACCEPTED = "accepted"
    PARTLY = "partly"
    DECLINED = "declined"
    ALREADY_DONE = "already-done"


class Colour(StrEnum):
    """The public signal: red nobody has it, yellow in hand, green any outcome."""

    WAITING = "waiting"
    IN_HAND = "in-hand"
    DONE = "done"


class Priority(StrEnum):
    """How urgent a case is."""

    NORMAL = "normal"
    URGENT = "urgent"


class Channel(StrEnum):
    """How a case reached the city."""

    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    MAIL = "mail"
    SMS = "sms"
    CHAT = "chat"
    PAPER = "paper"
    API = "api"
    IMPORT = "import"


class EventKind(StrEnum):
    """What happened to a case."""

    FILED = "filed"
    MOVED = "moved"
    UPDATED = "updated"
    ASSIGNED = "assigned"
    CATEGORISED = "categorised"
    PRIORITISED = "prioritised"
    TRANSFERRED = "transferred"
    EXTENDED = "extended"
    NOTED = "noted"
    ASKED = "asked"
    REPLIED = "replied"
    PHOTO_ADDED = "photo-added"
    CONFIRMED_FIXED = "confirmed-fixed"
    REOPEN_ASKED = "reopen-asked"
    JOINED = "joined"
    HIDDEN = "hidden"


class Audience(StrEnum):
    """Who may read an event."""

    PUBLIC = "public"
    REPORTER = "reporter"
    STAFF = "staff"


class PhotoStage(StrEnum):
    """Whether a photo shows the problem, the work done, or answers a question."""

    BEFORE = "before"
    AFTER = "after"
    REPLY = "reply"


class Mover(StrEnum):
    """Who may make a move."""

    STAFF = "staff"
    REPORTER = "reporter"
    SYSTEM = "system"


class Refusal(StrEnum):
    """Why a move is refused; pages have a sentence for each."""

    NO_SUCH_MOVE = "no-such-move"
    NOT_YOURS = "not-yours"
    MESSAGE_MISSING = "message-missing"
    OUTCOME_MISSING = "outcome-missing"
    OUTCOME_WRONG = "outcome-wrong"
    OUTCOME_NOT_CLOSING = "outcome-not-closing"
    PHOTO_MISSING = "photo-missing"
    TOO_LATE = "too-late"


REOPEN_DAYS = 60
"""For so many days after closing, "no, it is not fixed" reopens a case; later a new one is filed."""

MOST_PHOTOS = 6


class MoveRefused(Exception):
    """A move that the rules do not allow; `reason` says which rule."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move: who may make it and whether it needs words to the public."""

    by: frozenset[Mover]
    needs_message: bool = False


_STAFF = Move(frozenset({Mover.STAFF}))
_STAFF_SAYING = Move(frozenset({Mover.STAFF}), needs_message=True)
_REPORTER = Move(frozenset({Mover.REPORTER}))
_REPORTER_SAYING = Move(frozenset({Mover.REPORTER}), needs_message=True)
_ANSWER_CAME = Move(frozenset({Mover.STAFF, Mover.REPORTER}))

_WORK: Mapping[Status, Move] = {
    Status.TRIAGED: _STAFF,
    Status.IN_PROGRESS: _STAFF,
    Status.WAITING_RESIDENT: _STAFF_SAYING,
    Status.WAITING_OTHERS: _STAFF_SAYING,
    Status.PLANNED: _STAFF_SAYING,
    Status.CLOSED: _STAFF_SAYING,
}

COMPLAINT_MOVES: Mapping[Status, Mapping[Status, Move]] = {
    Status.RECEIVED: {**_WORK},
    Status.TRIAGED: {**_WORK},
    Status.IN_PROGRESS: {**_WORK},
    Status.WAITING_RESIDENT: {**_WORK, Status.IN_PROGRESS: _ANSWER_CAME},
    Status.WAITING_OTHERS: {**_WORK},
    Status.PLANNED: {**_WORK},
    Status.REOPEN_ASKED: {**_WORK},
    Status.CLOSED: {Status.REOPEN_ASKED: _REPORTER_SAYING, Status.IN_PROGRESS: _STAFF_SAYING},
}
"""From each status of a complaint, where it may go. A move to the same status says something new in words."""

PROPOSAL_MOVES: Mapping[Status, Mapping[Status, Move]] = {
    Status.DRAFT: {Status.GATHERING: _REPORTER, Status.WITHDRAWN: _REPORTER},
    Status.GATHERING: {
        Status.ANSWER_DUE: Move(frozenset({Mover.SYSTEM, Mover.STAFF})),
        Status.ANSWERED: _STAFF_SAYING,
        Status.EXPIRED: Move(frozenset({Mover.SYSTEM}), needs_message=True),
        Status.WITHDRAWN: _REPORTER_SAYING,
    },
    Status.ANSWER_DUE: {Status.ANSWERED: _STAFF_SAYING},
    Status.ANSWERED: {Status.IN_DELIVERY: _STAFF_SAYING},
    Status.IN_DELIVERY: {Status.IN_DELIVERY: _STAFF_SAYING, Status.DELIVERED: _STAFF_SAYING},
    Status.DELIVERED: {},
    Status.EXPIRED: {},
    Status.WITHDRAWN: {},
}

MOVES: Mapping[CaseKind, Mapping[Status, Mapping[Status, Move]]] = {
    CaseKind.COMPLAINT: COMPLAINT_MOVES,
    CaseKind.PROPOSAL: PROPOSAL_MOVES,
}

OPEN = frozenset(
    {
        Status.RECEIVED,
        Status.TRIAGED,
        Status.IN_PROGRESS,
        Status.WAITING_RESIDENT,
        Status.WAITING_OTHERS,
        Status.PLANNED,
        Status.REOPEN_ASKED,
        Status.DRAFT,
        Status.GATHERING,
        Status.ANSWER_DUE,
    }
)
CLOSED = frozenset(Status) - OPEN

DECIDED = frozenset({Status.CLOSED, Status.ANSWERED, Status.IN_DELIVERY, Status.DELIVERED})
"""Statuses in which a case has an outcome."""

OUTCOMES: Mapping[CaseKind, frozenset[Outcome]] = {
    CaseKind.COMPLAINT: frozenset(
        {Outcome.FIXED, Outcome.ANSWERED, Outcome.NOT_OURS, Outcome.CANNOT_BE_DONE, Outcome.JOINED}
    ),
    CaseKind.PROPOSAL: frozenset(
        {
            Outcome.ACCEPTED,
            Outcome.PARTLY,
            Outcome.DECLINED,
            Outcome.ALREADY_DONE,
            Outcome.NOT_OURS,
            Outcome.JOINED,
        }
    ),
}

_WAITING = frozenset({Status.RECEIVED, Status.TRIAGED, Status.REOPEN_ASKED, Status.DRAFT, Status.GATHERING})


def colour(status: Status) -> Colour:
    """Return the public signal of a status."""
    if status in CLOSED:
        return Colour.DONE
    return Colour.WAITING if status in _WAITING else Colour.IN_HAND


def moves_from(kind: CaseKind, status: Status, mover: Mover) -> list[Status]:
    """Return where this mover may take a case, in the order of the table."""
    return [to for to, move in MOVES[kind].get(status, {}).items() if mover in move.by]


def needs_message(kind: CaseKind, status: Status, to: Status) -> bool:
    """Return whether the move must be explained in words that the public reads."""
    move = MOVES[kind].get(status, {}).get(to)
    return move is not None and move.needs_message


def check_move(
    kind: CaseKind,
    status: Status,
    to: Status,
    mover: Mover,
    *,
    message: str,
    outcome: Outcome | None = None,
) -> None:
    """Raise MoveRefused unless the table has this move for this mover, with its words and outcome."""
    move = MOVES[kind].get(status, {}).get(to)
    if move is None:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    if mover not in move.by:
        raise MoveRefused(Refusal.NOT_YOURS)
    if move.needs_message and not message.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    _check_outcome(kind, status, to, outcome)


def _check_outcome(kind: CaseKind, status: Status, to: Status, outcome: Outcome | None) -> None:
    decides = to in DECIDED and status not in DECIDED
    if decides and outcome is None:
        raise MoveRefused(Refusal.OUTCOME_MISSING)
    if outcome is not None and not decides:
        raise MoveRefused(Refusal.OUTCOME_NOT_CLOSING)
    if outcome is not None and outcome not in OUTCOMES[kind]:
        raise MoveRefused(Refusal.OUTCOME_WRONG)


def check_proof(outcome: Outcome, *, is_repair: bool, has_photo: bool, why_no_photo: str) -> None:
    """Raise MoveRefused where a repair is called fixed without a photo or a reason why there is none."""
    if outcome is Outcome.FIXED and is_repair and not has_photo and not why_no_photo.strip():
        raise MoveRefused(Refusal.PHOTO_MISSING)
