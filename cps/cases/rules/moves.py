"""Who may move a case where, and with what; no Flask, no database.

Both move tables stand here. A move says who may make it and which message it needs; everything that is
not in the table is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cps.cases.rules.kinds import CaseKind
from cps.cases.rules.statuses import DECIDED, OUTCOMES, Outcome, Status
from cps.departments.rules import Needs


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
    SECOND_MISSING = "second-missing"
    TOO_LATE = "too-late"
    CLOSED_MEANWHILE = "closed-meanwhile"
    ANSWERED_ALREADY = "answered-already"
    ASKED_ANEW = "asked-anew"


REOPEN_DAYS = 60
"""For so many days after closing, "no, it is not fixed" reopens a case; later a new one is filed."""


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


def check_needs(
    needs: Needs,
    to: Status,
    outcome: Outcome | None,
    *,
    message: str,
    has_proof: bool,
    is_second: bool,
) -> None:
    """Raise MoveRefused where a move lacks what its category asks for besides what all moves need.

    `has_proof`: there is a photo, or the reason why there is none. `is_second`: whoever moves the case is not
    who has it, and somebody has it.
    """
    goal = outcome.value if outcome is not None else to.value
    if goal in needs.message and not message.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    if goal in needs.photo and not has_proof:
        raise MoveRefused(Refusal.PHOTO_MISSING)
    if goal in needs.second and not is_second:
        raise MoveRefused(Refusal.SECOND_MISSING)
