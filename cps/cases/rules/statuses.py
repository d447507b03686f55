"""Where a case can be in its life, how it can end, and the colour of each; no Flask, no database."""

from collections.abc import Mapping
from enum import StrEnum

from cps.cases.rules.kinds import CaseKind


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
    """The public signal: red waits for the city, yellow in hand, green any outcome.

    A proposal that gathers support is in the hands of residents; it turns red when the city owes an answer.
    """

    WAITING = "waiting"
    IN_HAND = "in-hand"
    DONE = "done"


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

_WAITING = frozenset({Status.RECEIVED, Status.TRIAGED, Status.REOPEN_ASKED, Status.DRAFT, Status.ANSWER_DUE})


def colour(status: Status) -> Colour:
    """Return the public signal of a status."""
    if status in CLOSED:
        return Colour.DONE
    return Colour.WAITING if status in _WAITING else Colour.IN_HAND
