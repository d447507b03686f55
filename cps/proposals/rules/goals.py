"""How much support obliges the city to answer, where, and by when; docs/proposals.md gives the reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

CITY = "city"

MOST_DAYS = 366
MOST_ANSWER_DAYS = 120
MOST_SUPPORTS = 1_000_000
USUAL_DAYS = 60
USUAL_ANSWER_DAYS = 20

FEWEST, USUAL = 10, 40
_PER_CUBE_ROOT = 0.6


@dataclass(frozen=True, slots=True)
class Goal:
    """So many supports within so many days oblige the city to answer within so many working days."""

    supports: int
    days: int = USUAL_DAYS
    answer_days: int = USUAL_ANSWER_DAYS


class Somewhere(Protocol):
    """Something that holds in an area."""

    @property
    def area(self) -> str:
        """Its key, see `area_key`."""


Held = TypeVar("Held", bound=Somewhere)


def area_key(ward_id: int | None, category_id: int | None) -> str:
    """Return the key of an area: a ward, a category, a category in a ward, or the whole city."""
    parts = [f"ward:{ward_id}"] if ward_id is not None else []
    parts += [f"category:{category_id}"] if category_id is not None else []
    return "/".join(parts) or CITY


def areas_of(ward_id: int | None, category_id: int) -> list[str]:
    """Return the keys of all areas a proposal is in, the narrowest first: where both hold, the category's."""
    keys = [area_key(ward_id, category_id), area_key(None, category_id), area_key(ward_id, None), CITY]
    return list(dict.fromkeys(keys))


def narrowest(held: Iterable[Held], areas: list[str]) -> Held | None:
    """Return what holds in the narrowest of these areas; None where nothing holds in any."""
    by_area = {one.area: one for one in held}
    return next((by_area[area] for area in areas if area in by_area), None)


def usual_goal(population: int | None) -> Goal:
    """Return the goal of a city that has set none: 0.6 × the cube root of its people, ten at least.

    40 at 300,000 people, 130 at ten million; 40 where nobody knows how many there are.
    """
    if not population or population < 0:
        return Goal(USUAL)
    return Goal(max(FEWEST, round(_PER_CUBE_ROOT * population ** (1 / 3))))


def is_within(goal: Goal) -> bool:
    """Whether a goal can be reached and binds the city: no number is zero or absurd."""
    return (
        1 <= goal.supports <= MOST_SUPPORTS
        and 1 <= goal.days <= MOST_DAYS
        and 1 <= goal.answer_days <= MOST_ANSWER_DAYS
    )


def ends(goal: Goal, opened_at: datetime) -> datetime:
    """Return until when support counts, to the second."""
    return opened_at + timedelta(days=goal.days)


def is_reached(needed: int, counted: int, former: int) -> bool:
    """Whether the supports here and those on the former site together are enough."""
    return counted + former >= needed
