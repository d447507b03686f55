"""What is counted by, and what comes out: values without behaviour of their own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from cps.polls.rules import MOST_RANKS, Method

Choice: TypeAlias = tuple[str, ...]
"""Option codes: none (blank), sorted, or in a ranking from the first rank down."""

Votes: TypeAlias = Sequence[tuple[Choice, int]]
"""Choices with how many people made each, online and on paper, in any order."""

Counts: TypeAlias = Mapping[str, int]
"""A number for each option, in the order of the options."""

Draw: TypeAlias = Sequence[str] | None


class InvalidRules(ValueError):
    """Rules that contradict themselves; the message says how."""


@dataclass(frozen=True)
class Rules:
    """What the specification says about counting.

    `options` are (code, cost) as published; costs and `budget` are whole units, None unless the method is a
    budget. `most` is how many options one ballot may hold, `dearest` what one may cost: the budget, but for
    ballots from elsewhere. Raises InvalidRules.
    """

    method: Method
    options: tuple[tuple[str, int | None], ...]
    most: int
    budget: int | None = None
    dearest: int | None = None

    def __post_init__(self) -> None:
        if len(self.costs) != len(self.options):
            raise InvalidRules("two options have one code")
        money = [self.budget, *(cost for _, cost in self.options)]
        if any((amount is not None) != (self.method is Method.BUDGET) for amount in money):
            raise InvalidRules("a budget and costs belong to budgets, and there to every option")
        if any(amount is not None and amount < 0 for amount in money):
            raise InvalidRules("a negative amount")
        if not 1 <= self.most <= self._most_allowed():
            raise InvalidRules(f"a ballot of this method cannot hold {self.most} options")

    def _most_allowed(self) -> int:
        limits = {Method.SINGLE: 1, Method.RANKING: MOST_RANKS}
        return limits.get(self.method, len(self.options))

    @cached_property
    def costs(self) -> Mapping[str, int]:
        """What each option costs, in their order; 0 where nothing costs."""
        return {code: cost or 0 for code, cost in self.options}

    @property
    def limit(self) -> int | None:
        """What one ballot may cost; None where nothing costs."""
        return self.budget if self.dearest is None else self.dearest

    @property
    def codes(self) -> Iterable[str]:
        """The codes of the options as published."""
        return self.costs.keys()

    def in_order(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return some options as published."""
        wanted = frozenset(codes)
        return tuple(code for code in self.codes if code in wanted)


@dataclass(frozen=True)
class Round:
    """One round of a run-off: ballots for each option still in, ballots that name none of them, who goes."""

    counts: Counts
    exhausted: int
    out: tuple[str, ...]
    winner: str | None


@dataclass(frozen=True)
class Budgeting:
    """What a budget pays for and what not, in the order in which it was decided; `spent` in whole units."""

    funded: tuple[str, ...]
    rejected: tuple[str, ...]
    undecided: tuple[str, ...]
    spent: int


@dataclass(frozen=True)
class Outcome:
    """Who won; or who is equal, where nothing tells them apart."""

    winners: tuple[str, ...] = ()
    tie: tuple[str, ...] = ()
    rounds: tuple[Round, ...] = ()
    budgeting: Budgeting | None = None


@dataclass(frozen=True)
class Counting:
    """One method: how votes are added up, and what follows from them."""

    add: Callable[[Rules, Votes], Counts]
    decide: Callable[[Rules, Votes, Counts, Draw], Outcome]
