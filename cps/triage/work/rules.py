"""Many cases at once: what can be done, which are skipped and why. How long what is kept, the week's sample.

No Flask, no database.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

from cps.cases.rules import CaseKind, Outcome, Priority, Status
from cps.triage.rules import Act, acts, moves_with_reply

WRITTEN_AGAIN = timedelta(minutes=1)
"""Who has a case open is written so seldom."""

IS_HERE = timedelta(minutes=10)
"""So long others read that somebody has a case open."""

PRESENCE_KEPT = timedelta(hours=1)
ACTS_KEPT = timedelta(days=30)
CHOICES_KEPT = timedelta(days=1)
"""A selection of many cases with which nothing was done."""


class CaseState(StrEnum):
    """What became of one case of an act; `kept` is one that could not be undone."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    UNDONE = "undone"
    KEPT = "kept"


class PhotoDoubtKind(StrEnum):
    """Why a photo of the work is looked at: it shows the same as another, or is older than its case."""

    SAME = "same"
    EARLIER = "earlier"


class Taken(Protocol):
    """A photo: when it was taken, where its file says so."""

    taken_at: Any


class Received(Protocol):
    """A case: when the city got it."""

    received_at: Any


def is_older(photo: Taken, case: Received) -> bool:
    """Return whether a photo of the work was taken before the city got the case."""
    return photo.taken_at is not None and bool(photo.taken_at < case.received_at)


class BulkAct(StrEnum):
    """What an officer does to many cases at once."""

    ASSIGN = "assign"
    CATEGORY = "category"
    PRIORITY = "priority"
    TRANSFER = "transfer"
    MOVE = "move"
    JOIN = "join"


TELLING = frozenset({BulkAct.TRANSFER, BulkAct.MOVE, BulkAct.JOIN})
"""What the residents are told of, in words of the officer."""

CHOOSING = "choosing"
"""The kind of an act of which nobody has said yet what it is."""


class Skip(StrEnum):
    """Why a case is left out, or stays when an act is undone."""

    NOT_YOURS = "not-yours"
    SAME = "same"
    NO_MOVE = "no-move"
    OTHER_KIND = "other-kind"
    NOT_THEIRS = "not-theirs"
    CHANGED = "changed"
    DATE_MOVED = "date-moved"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done to many cases: the act with what it needs, the rest empty.

    `told` is what the event of an end keeps besides its words: the reason for a no, and whose it is.
    """

    act: BulkAct
    to_account: int | None = None
    category_id: int | None = None
    department_id: int | None = None
    priority: Priority | None = None
    status: Status | None = None
    outcome: Outcome | None = None
    into_id: int | None = None
    message: str = ""
    language: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it for a column of JSON."""
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Wanted":
        """Return what `as_json` wrote."""
        kinds: dict[str, type[StrEnum]] = {
            "act": BulkAct, "priority": Priority, "status": Status, "outcome": Outcome
        }  # fmt: skip
        words: dict[str, Any] = dict(kept)
        for name, kind in kinds.items():
            words[name] = kind(words[name]) if words[name] is not None else None
        return cls(**words)


class AtDesk(Protocol):
    """What the rules ask of a case."""

    id: Any
    kind: Any
    status: Any
    is_integrity: Any
    assignee_id: Any
    category_id: Any
    department_id: Any
    priority: Any


@dataclass(frozen=True, slots=True)
class Target:
    """What is known of where an act leads: of the category its kind, of the case joined to too."""

    kind: CaseKind | None = None
    is_integrity: bool = False


def why_skipped(case: AtDesk, wanted: Wanted, target: Target) -> Skip | None:
    """Return why an act is not for this case, None where it is; whose it is, is asked elsewhere."""
    if _is_so(case, wanted):
        return Skip.SAME
    if not _may(case, wanted):
        return Skip.NO_MOVE
    is_other = target.kind is not None and target.kind is not case.kind
    if is_other or (wanted.act is BulkAct.CATEGORY and target.is_integrity != case.is_integrity):
        return Skip.OTHER_KIND
    return None


def _is_so(case: AtDesk, wanted: Wanted) -> bool:
    before, after = {
        BulkAct.ASSIGN: (case.assignee_id, wanted.to_account),
        BulkAct.CATEGORY: (case.category_id, wanted.category_id),
        BulkAct.PRIORITY: (case.priority, wanted.priority),
        BulkAct.TRANSFER: (case.department_id, wanted.department_id),
        BulkAct.MOVE: (case.status, wanted.status),
        BulkAct.JOIN: (case.id, wanted.into_id),
    }[wanted.act]
    return bool(before == after)


def _may(case: AtDesk, wanted: Wanted) -> bool:
    """Say whether the desk offers this act for a case that stands where it does."""
    may = acts(case.kind, case.status, is_own=False)
    if wanted.act is BulkAct.MOVE:
        if wanted.status is Status.CLOSED:
            return Act.CLOSE in may
        return Act.REPLY in may and wanted.status in moves_with_reply(case.kind, case.status)
    needed = {BulkAct.ASSIGN: Act.TAKE, BulkAct.TRANSFER: Act.TRANSFER, BulkAct.JOIN: Act.JOIN}
    return needed.get(wanted.act, Act.SORT) in may


class Said(StrEnum):
    """What a number about answers counts: all, a yes or a no of the resident, what was reopened."""

    ANYTHING = "answered"
    YES = "yes"
    NO = "no"
    REOPENED = "reopened"


ANSWERS_COUNTED = timedelta(days=30)
"""Answers of so many days are counted by what residents said of them."""


SAMPLE = 5
"""Closed cases of each department that a supervisor is asked to look at in a week."""

AGES = (timedelta(days=7), timedelta(days=30), timedelta(days=90))
"""Where the ages of open cases are cut."""


def week_before(today: date) -> date:
    """Return the Monday of the week before this one."""
    return today - timedelta(days=today.weekday() + 7)


def sample(case_ids: Iterable[int], week: date, size: int = SAMPLE) -> list[int]:
    """Return some of the cases by chance: whoever asks gets the same ones for the same week, in any order."""

    def lot(case_id: int) -> bytes:
        return hashlib.sha256(f"{week.isoformat()}:{case_id}".encode()).digest()

    return sorted(case_ids, key=lot)[:size]
