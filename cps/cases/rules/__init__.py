"""The life of a case: kinds, statuses, outcomes, and who may move it where; no Flask, no database."""

from cps.cases.rules.kinds import MOST_PHOTOS, Audience, CaseKind, Channel, EventKind, PhotoStage, Priority
from cps.cases.rules.moves import (
    COMPLAINT_MOVES,
    MOVES,
    PROPOSAL_MOVES,
    REOPEN_DAYS,
    Move,
    Mover,
    MoveRefused,
    Refusal,
    check_move,
    check_proof,
    moves_from,
    needs_message,
)
from cps.cases.rules.statuses import CLOSED, DECIDED, OPEN, OUTCOMES, Colour, Outcome, Status, colour

__all__ = [
    "CLOSED",
    "COMPLAINT_MOVES",
    "DECIDED",
    "MOST_PHOTOS",
    "MOVES",
    "OPEN",
    "OUTCOMES",
    "PROPOSAL_MOVES",
    "REOPEN_DAYS",
    "Audience",
    "CaseKind",
    "Channel",
    "Colour",
    "EventKind",
    "Move",
    "MoveRefused",
    "Mover",
    "Outcome",
    "PhotoStage",
    "Priority",
    "Refusal",
    "Status",
    "check_move",
    "check_proof",
    "colour",
    "moves_from",
    "needs_message",
]
