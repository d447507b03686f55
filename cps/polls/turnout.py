"""Who voted, by ward and age, without telling anything about few people, not even by subtraction.

A group with fewer than ten people or fewer than ten voters is not shown, and neither are others that would
give it away together with the sums. The measure: for every hidden group there is another city, with one
voter more or fewer in that group, in which all that is shown would be the same. So a reader cannot know which
of the two it is, however much is added and subtracted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cps.polls.rules import FEW_BALLOTS, SMALL_CELL
from cps.polls.suppression import Arc, hidden_arcs

Place: TypeAlias = tuple[str | None, int | None]
"""A ward and the lower bound of an age band; None for all of them together."""

EVERYWHERE: Place = (None, None)


@dataclass(frozen=True)
class Group:
    """How many people may vote, None where nobody knows, and how many did."""

    eligible: int | None
    voted: int

    @property
    def smallest(self) -> int:
        """The smaller of the two numbers."""
        return self.voted if self.eligible is None else min(self.eligible, self.voted)

    def __add__(self, other: "Group") -> "Group":
        if self.eligible is None or other.eligible is None:
            return Group(None, self.voted + other.voted)
        return Group(self.eligible + other.eligible, self.voted + other.voted)


@dataclass(frozen=True)
class Turnout:
    """What may be published: `shown` holds cells and sums, those that are not in it are hidden."""

    wards: tuple[str, ...]
    ages: tuple[int, ...]
    shown: Mapping[Place, Group]

    def at(self, ward: str | None = None, age_from: int | None = None) -> Group | None:
        """Return a cell, the sum of a ward, of an age band or of all; None where it is hidden."""
        return self.shown.get((ward, age_from))

    def rows(self) -> Iterator[tuple[str, int, Group | None]]:
        """Yield ward, lower bound of the ages and the group, cell by cell; nothing where no cell is shown."""
        if self.shown.keys() == {EVERYWHERE}:
            return
        for ward in self.wards:
            for age in self.ages:
                yield ward, age, self.at(ward, age)

    def as_csv(self) -> str:
        """Return `turnout.csv`: hidden cells are empty."""
        lines = ["ward,age_from,eligible,voted\n"]
        for ward, age, group in self.rows():
            eligible, voted = (group.eligible, group.voted) if group else (None, "")
            lines.append(f"{ward},{age},{'' if eligible is None else eligible},{voted}\n")
        return "".join(lines)


def turnout(groups: Mapping[tuple[str, int], Group]) -> Turnout:
    """Return what may be published of (ward, age from) → group; a group that is missing has no people.

    The sum of all is always shown, as eligible and roll are public anyway; with fewer than twenty ballots
    nothing else is. How many may vote is known of all groups or of none; ValueError otherwise, or for a
    negative number.
    """
    if len({group.eligible is None for group in groups.values()}) > 1:
        raise ValueError("how many may vote is known of some groups only")
    if any(group.smallest < 0 for group in groups.values()):
        raise ValueError("a negative number of people")
    wards = tuple(sorted({ward for ward, _ in groups}))
    ages = tuple(sorted({age for _, age in groups}))
    table = _with_sums(groups, wards, ages)
    if table[EVERYWHERE].voted < FEW_BALLOTS:
        return Turnout(wards, ages, {EVERYWHERE: table[EVERYWHERE]})
    hidden = _hidden(table, len(wards), len(ages))
    return Turnout(wards, ages, {place: group for place, group in table.items() if place not in hidden})


def _with_sums(
    groups: Mapping[tuple[str, int], Group], wards: Iterable[str], ages: Iterable[int]
) -> dict[Place, Group]:
    known = all(group.eligible is not None for group in groups.values())
    nobody = Group(0 if known else None, 0)
    places: list[Place] = [(ward, age) for ward in (*wards, None) for age in (*ages, None)]
    table = dict.fromkeys(places, nobody)
    for (ward, age), group in groups.items():
        for place in ((ward, age), (ward, None), (None, age), EVERYWHERE):
            table[place] += group
    return table


def _hidden(table: Mapping[Place, Group], wards: int, ages: int) -> frozenset[Place]:
    """Return the places to hide: those with few people, and what their secret needs."""
    always = {EVERYWHERE}  # the sum of an only ward or an only band is the sum of all
    always |= {place for place in table if wards == 1 and place[1] is None}
    always |= {place for place in table if ages == 1 and place[0] is None}
    return hidden_arcs(
        {
            place: Arc(
                *_ends(place),
                movable=group.smallest > 0,
                cost=1 + max(group.voted, group.eligible or 0),
            )
            for place, group in table.items()
            if place not in always
        },
        {place for place, group in table.items() if group.smallest < SMALL_CELL} - always,
    )


def _ends(place: Place) -> tuple[str, str]:
    """Return from where to where a place leads: top, ward, age band, bottom."""
    ward, age = place
    start = "top" if age is None else f"age {age}" if ward is None else f"ward {ward}"
    end = "bottom" if ward is None else f"ward {ward}" if age is None else f"age {age}"
    return start, end
