"""The life of a poll, how it may be counted, and its limits; no Flask, no database.

The values of the enums are those of `docs/recounting.md`: frozen specifications hold them for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction


class Method(StrEnum):
    """What one ballot holds and how the ballots are counted."""

    SINGLE = "single"
    APPROVAL = "approval"
    RANKING = "ranking"
    BUDGET = "budget"


class CountKey(StrEnum):
    """What one vote is counted by."""

    REGISTER = "register"
    PHONE = "phone"
    ACCOUNT = "account"


class PollState(StrEnum):
    """Where a poll is in its life."""

    DRAFT = "draft"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    TALLIED = "tallied"
    PUBLISHED = "published"
    FINAL = "final"
    VOID = "void"


class ResultsWhen(StrEnum):
    """When counts become public: after the close, or live with each batch of the ledger."""

    AFTER = "after"
    LIVE = "live"


class Lines(StrEnum):
    """Who gets the ballot lines: named observers, while everybody gets the counts, or everybody."""

    COUNTS = "counts"
    FULL = "full"


class TieRule(StrEnum):
    """Whether a tie is reported as one, or broken by a public draw held after the close."""

    REPORT = "report"
    DRAW = "draw"


class OptionOrder(StrEnum):
    """Whether everybody sees the options in one order, or each voter in another."""

    PUBLISHED = "published"
    SHUFFLED = "shuffled"


class Refusal(StrEnum):
    """Why a move is refused; pages have a sentence for each."""

    NO_SUCH_MOVE = "no-such-move"
    REASON_MISSING = "reason-missing"


class MoveRefused(Exception):
    """A move that the rules do not allow; `reason` says which rule."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


MOST_OPTIONS = 60
MOST_RANKS = 3

BATCH_SIZE = 100
BATCH_WAITS_FOR = 150
"""A batch is taken only when so many ballots wait, so that it never holds everybody of a short time."""
BATCH_EVERY = timedelta(minutes=1)

LAST_BATCHES = 5_000
"""After the close so many ballots go into one batch at least: time tells nothing any more."""

SMALL_ELECTORATE = 50
"""With fewer people who may vote, totals and heads alone are published."""

MARKABLE_SHARE = Fraction(1, 10)
"""Where more ballots are possible than this share of the voters, one agreed on beforehand could be found."""

SMALL_CELL = 10
"""A cell of the turnout with fewer people is not shown."""

FEW_BALLOTS = 20
"""With fewer ballots no breakdown is published."""

PASS_FOR = timedelta(minutes=15)
"""How long a pass from the counter may be used."""


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move, and whether the public is told why in words."""

    needs_reason: bool = False


_PLAIN = Move()
_SAYING_WHY = Move(needs_reason=True)

MOVES: Mapping[PollState, Mapping[PollState, Move]] = {
    PollState.DRAFT: {PollState.OPEN: _PLAIN},
    PollState.OPEN: {
        PollState.CLOSED: _PLAIN,
        PollState.SUSPENDED: _PLAIN,
        PollState.VOID: _SAYING_WHY,
    },
    PollState.SUSPENDED: {PollState.OPEN: _SAYING_WHY, PollState.VOID: _SAYING_WHY},
    PollState.CLOSED: {PollState.TALLIED: _PLAIN, PollState.VOID: _SAYING_WHY},
    PollState.TALLIED: {
        PollState.CLOSED: _PLAIN,
        PollState.PUBLISHED: _PLAIN,
        PollState.VOID: _SAYING_WHY,
    },
    PollState.PUBLISHED: {PollState.FINAL: _PLAIN, PollState.VOID: _SAYING_WHY},
    PollState.FINAL: {},
    PollState.VOID: {},
}
"""From each state of a poll, where it may go.

Suspended is what a restored database makes of an open poll. From tallied it goes back to closed when paper
ballots or a draw are entered, so that it is counted anew.
"""

RESULT_IS_PUBLIC = frozenset({PollState.PUBLISHED, PollState.FINAL})

ENDED = frozenset({PollState.FINAL, PollState.VOID})


def most_on_a_ballot(method: Method, asked: int, options: int) -> int:
    """Return how many options a ballot holds at most: as many as asked for, and never more than there are."""
    if method is Method.SINGLE:
        return 1
    return options if method is Method.BUDGET else min(asked, max(options, 1))


def size_of_last_batch(waiting: int) -> int:
    """Return how many of the ballots that wait after the close are taken at once.

    All of them, unless as many are left for another batch: a small rest would tell whose ballots it holds.
    """
    return waiting if waiting < 2 * LAST_BATCHES else LAST_BATCHES


def moves_from(state: PollState) -> list[PollState]:
    """Return where a poll may go from this state, in the order of the table."""
    return [*MOVES[state]]


def check_move(state: PollState, to: PollState, *, reason: str = "") -> None:
    """Raise MoveRefused unless the table has this move, with its public reason where it needs one."""
    move = MOVES[state].get(to)
    if move is None:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    if move.needs_reason and not reason.strip():
        raise MoveRefused(Refusal.REASON_MISSING)


class PollEventKind(StrEnum):
    """What happened to a poll, as everybody can read it."""

    OPENED = "opened"
    EXTENDED = "extended"
    INCIDENT = "incident"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    CLOSED = "closed"
    PAPER_COUNTED = "paper-counted"
    DRAWN = "drawn"
    TALLIED = "tallied"
    PUBLISH_ASKED = "publish-asked"
    PUBLISHED = "published"
    OBJECTED = "objected"
    DECIDED = "decided"
    FINAL = "final"
    KEYS_DESTROYED = "keys-destroyed"
    VOID = "void"
