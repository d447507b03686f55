"""Handing a case to another department: it is accepted or refused, and never goes to and fro for ever.

No Flask, no database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from cps.cases.rules.holding import UNDONE
from cps.cases.rules.kinds import EventKind, Turn

MOST_REFUSALS = 2
"""After so many departments have said "not ours" one after another, somebody decides whose a case is."""


class TransferAnswer(StrEnum):
    """What became of a case that was handed to a department."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PASSED_ON = "passed-on"
    """It handed the case on to another department without having worked on it."""
    TAKEN_BACK = "taken-back"
    """Who sorts what comes in sent it elsewhere before the department had answered."""


NOT_OURS = frozenset({TransferAnswer.REFUSED, TransferAnswer.PASSED_ON})


class Handed(Protocol):
    """What the rules ask of one transfer."""

    is_decision: bool
    answer: TransferAnswer | None


@dataclass(frozen=True, slots=True)
class HandOff:
    """Where a case stands between departments.

    `refusals` are counted since somebody last accepted it or decided. While `waits` the department that has
    it has not answered yet; `is_decided` says that it may not refuse.
    """

    refusals: int = 0
    waits: bool = False
    is_decided: bool = False

    @property
    def is_unclear(self) -> bool:
        """Whether nobody wants to have it, so that it must be decided whose it is."""
        return self.refusals >= MOST_REFUSALS and not self.waits

    @property
    def may_refuse(self) -> bool:
        """Whether the department that has it may say that it is not theirs."""
        return self.waits and not self.is_decided

    @property
    def may_pass_on(self) -> bool:
        """Whether it may go to a further department: not where that would be one "not ours" too many."""
        return not self.waits or (not self.is_decided and self.refusals + 1 < MOST_REFUSALS)


UNTOUCHED = HandOff()
"""Where a case stands that nobody handed over."""


def hand_off(transfers: Iterable[Handed]) -> HandOff:
    """Return where a case stands after its transfers, the oldest first."""
    refusals, last = 0, None
    for last in transfers:
        if last.is_decision or last.answer is TransferAnswer.ACCEPTED:
            refusals = 0
        elif last.answer in NOT_OURS:
            refusals += 1
    waits = last is not None and last.answer is None
    return HandOff(refusals, waits, waits and last is not None and last.is_decision)


class Told(Protocol):
    """What `speakers` asks of an event."""

    kind: EventKind
    data: dict[str, Any]


def gave(kind: EventKind, data: Mapping[str, Any]) -> int | None:
    """Return which department had a case until it was handed over by this; None for all else."""
    is_over = kind is EventKind.TRANSFERRED and UNDONE not in data and data.get("turn") != Turn.RELEASED
    return data.get("from") if is_over else None


def speaker(kind: EventKind, data: Mapping[str, Any], has_now: int) -> int:
    """Return the department that wrote what was just told: of a case handed over who gave it."""
    before = gave(kind, data)
    return has_now if before is None else data.get("by", before)


def speakers(events: Sequence[Told], has_now: int) -> list[int]:
    """Return for each event, the oldest first, the department that had the case, and so wrote its words."""
    found, has = [], has_now
    for event in reversed(events):
        found.append(speaker(event.kind, event.data, has))
        has = gave(event.kind, event.data) or has
    return found[::-1]
