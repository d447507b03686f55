"""Written complaints as they are varied: which may stand in many places, with other words around them."""

import json
import random
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from cps.cases.rules import Outcome, Priority, Status
from cps.core import search
from cps.demo.answering import answers_of, is_urgent
from cps.demo.shapes import Complaint, Step
from cps.demo.stories import TOO_DARK
from cps.demo.world import World
from cps.departments.models import Category
from cps.departments.rules import TimeUnit

FILE: Final = Path(__file__).parent / "content" / "phrases.json"
OFTEN: Final = 0.6
LONGEST_BODY: Final = 1_500


@dataclass(frozen=True, slots=True)
class Base:
    """A written complaint that can be varied, with its search words and its category's promise."""

    complaint: Complaint
    words: str
    priority: Priority
    answers: dict[str, list[str]]
    category_id: int
    department_id: int
    service_time: int
    unit: TimeUnit


def _base(complaint: Complaint, category: Category, world: World) -> Base:
    return Base(
        complaint,
        words=search.search_text(complaint.title, complaint.body),
        priority=Priority.URGENT if is_urgent(complaint, world) else Priority.NORMAL,
        answers=answers_of(complaint),
        category_id=category.id,
        department_id=category.department_id,
        service_time=category.service_time,
        unit=category.service_time_unit,
    )


def bases(world: World) -> list[Base]:
    """Return the written complaints that may be varied."""
    return [_base(c, world.categories[c.category], world) for c in _variable(world)]


def _variable(world: World) -> Iterator[Complaint]:
    """Yield the written complaints that may stand in many places: public, short, joined to no other.

    And in a language that has phrases, since a text stands between some.
    """
    spoken = Phrases().languages
    for complaint in world.content.complaints.values():
        joined = any(step.outcome is Outcome.JOINED for step in complaint.course)
        integrity = world.content.categories[complaint.category].integrity
        written = complaint.language in spoken
        if written and not (joined or integrity or complaint.private) and len(complaint.body) <= LONGEST_BODY:
            course = tuple(without_photo(step, complaint.language) for step in complaint.course)
            yield replace(complaint, course=course)


def without_photo(step: Step, language: str) -> Step:
    """Return the step with a reason in place of the photo: made cases have none."""
    if not step.photo:
        return step
    return replace(step, photo=False, why_no_photo=TOO_DARK.get(language, TOO_DARK["en"]))


def still_open(steps: Sequence[Step], rng: random.Random) -> tuple[Step, ...]:
    """Return the beginning of a course, up to somewhere before it closes."""
    closing = next((n for n, step in enumerate(steps) if step.move is Status.CLOSED), len(steps))
    return tuple(steps[: rng.randint(0, closing)])


def words(base: str, *parts: str) -> str:
    """Return what `search_text` makes of all of it, from words that were reckoned before."""
    more = (word for part in parts for word in _words_of(part))
    return " ".join(dict.fromkeys([*base.split(" "), *more]))


@lru_cache(maxsize=20_000)
def _words_of(part: str) -> tuple[str, ...]:
    """Return the search words of a phrase or an address, of which there are not many different ones."""
    return tuple(search.tokens(part))


class Phrases:
    """The sentences of each language, as `content/phrases.json` has them."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[str, list[str]]] = json.loads(FILE.read_text(encoding="utf-8"))

    @property
    def languages(self) -> Set[str]:
        """The languages that have any."""
        return self._texts.keys()

    def around(self, language: str, rng: random.Random) -> tuple[str, str]:
        """Return what stands before and after a text, with the space between; either may be empty."""
        texts = self._texts[language]
        before = f"{rng.choice(texts['before'])} " if rng.random() < OFTEN else ""
        after = " ".join(rng.sample(texts["after"], rng.randint(0, 2)))
        return before, f" {after}" if after else ""
