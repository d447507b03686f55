"""What is told of cases on no public list, so that nobody works out a number of one or two; pure.

Readers know every number that is told, and that what is not told is one or two. What follows from that must
not be told either: the one part that is missing of a sum, a sum whose parts can only be as few, or only as
many, as they may be, and a share that a number which is not told went into.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cps.insights.rules import FEWEST_UNLISTED, Pair, Tally, percent


@dataclass(frozen=True, slots=True)
class Told:
    """A number of cases as it is told: those on the public list, and the others; None is one or two."""

    listed: int
    unlisted: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sum: how many it is, and where that is not told, how few it might be for all one knows."""

    number: int
    least: int | None = None


def told_unlisted(number: int) -> int | None:
    """Return how many cases on no list are told of: none, so many, or None for "a few"."""
    return None if 0 < number < FEWEST_UNLISTED else number


def told_sum(parts: Iterable[Part]) -> int | None:
    """Return a sum as it is told; None where it would give away a part that is not."""
    every = list(parts)
    few = [part for part in every if part.least is not None]
    missing = sum(part.number for part in few)
    fewest, most = sum(part.least or 0 for part in few), (FEWEST_UNLISTED - 1) * len(few)
    if len(few) == 1 or (few and missing in {fewest, most}):
        return None
    return told_unlisted(sum(part.number for part in every))


def told_of_all(numbers: Iterable[int]) -> int | None:
    """Return how many cases on no list are told of in a sum, each part of which is told as it may be."""
    return told_sum(_part(number) for number in numbers)


def told_pairs(parts: Sequence[Tally], names: Iterable[str]) -> dict[str, Told]:
    """Return what is told of the pairs of a line that sums up parts, of one part what is told of itself.

    How many of the answers on no list were in time is told only where the number of these answers is.
    """
    answered = told_of_all(part.answered.unlisted for part in parts)
    told = {}
    for name in names:
        pairs: list[Pair] = [getattr(part, name) for part in parts]
        is_of_answers = name not in {"received", "answered"}
        unlisted = told_sum(
            Part(pair.unlisted, 0)
            if is_of_answers and told_unlisted(part.answered.unlisted) is None
            else _part(pair.unlisted)
            for pair, part in zip(pairs, parts, strict=True)
        )
        if is_of_answers and answered is None:
            unlisted = None
        told[name] = Told(sum(pair.listed for pair in pairs), unlisted)
    return told


def share(part: Told, whole: Told) -> int | None:
    """Return a share in whole percent, cut, worked out of nothing but what is told.

    Where either number of cases on no list is not told, it is the share of those on the list.
    None for too few.
    """
    if part.unlisted is None or whole.unlisted is None:
        return percent(part.listed, whole.listed)
    return percent(part.listed + part.unlisted, whole.listed + whole.unlisted)


def _part(number: int) -> Part:
    return Part(number, 1 if told_unlisted(number) is None else None)
