"""What can be brought in, how much of it, and where a file stands on its way."""

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any


class What(StrEnum):
    """Kinds of files."""

    CASES = "cases"
    PROPOSALS = "proposals"
    ARTICLES = "articles"
    CATEGORIES = "categories"
    PACK = "city"
    RESIDENTS = "residents"
    CARDS = "cards"


class Step(StrEnum):
    """What the worker does with a file."""

    LOOK = "look"
    TAKE = "take"


class Ended(StrEnum):
    """How the way of a file ended; it is deleted then."""

    TAKEN = "taken"
    REFUSED = "refused"
    DROPPED = "dropped"
    FORGOTTEN = "forgotten"
    BROKEN = "broken"


class State(StrEnum):
    """Where a file stands."""

    TO_LOOK = "to-look"
    LOOKING = "looking"
    LOOKED = "looked"
    TO_TAKE = "to-take"
    TAKING = "taking"
    TAKEN = "taken"
    REFUSED = "refused"
    DROPPED = "dropped"
    FORGOTTEN = "forgotten"
    BROKEN = "broken"


UNDER_WAY = frozenset({State.TO_LOOK, State.LOOKING, State.TO_TAKE, State.TAKING})

GRAVE = frozenset({What.RESIDENTS, What.CARDS})
"""Who brings these in says who may vote, and writes their password once more."""

WITHOUT_ROWS = frozenset({What.PACK})
"""Files that are right as a whole or not at all."""

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_MAPPING = 100_000

MOST_ROWS = {
    What.CASES: 5_000,
    What.PROPOSALS: 500,
    What.ARTICLES: 250,
    What.CATEGORIES: 500,
    What.RESIDENTS: 100_000,
    What.CARDS: 10_000,
}
"""While rows are written, nobody else can write on SQLite, and who waits gives up after five seconds.

So many rows take a core one to two seconds.
"""

KEPT = timedelta(days=1)
"""How long a file waits for somebody to take it over."""

MOST_TRIES = 5


@dataclass(slots=True)
class Carried:
    """What the row of a file carries: what it is, what was wished, and what was found.

    `key` is that of the file in the store, `wishes` is what was chosen in its form, `by` and `taken_by` are
    accounts. `first` tells the first of the `wrong` rows, `untold` is how many others there are.
    """

    what: What
    key: str
    name: str
    wishes: dict[str, Any]
    by: int
    language: str
    step: Step = Step.LOOK
    ended: Ended | None = None
    problems: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    wrong: int = 0
    first: list[str] = field(default_factory=list)
    untold: int = 0
    taken_by: int | None = None
    skips: bool = False

    @classmethod
    def of(cls, payload: dict[str, Any]) -> "Carried":
        """Return what a row carries."""
        found = cls(**payload)
        found.what, found.step = What(found.what), Step(found.step)
        found.ended = Ended(found.ended) if found.ended else None
        return found

    def written(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)

    @property
    def may_skip(self) -> bool:
        """Whether the right rows can be taken without the wrong ones: not where who is missing is gone."""
        return self.what not in WITHOUT_ROWS and not self.wishes.get("full")

    def state(self, *, is_done: bool, is_held: bool) -> State:
        """Return where the file stands; `is_held` says that a worker is at it."""
        if self.ended:
            return State(self.ended)
        if is_done:
            return State.LOOKED
        if self.step is Step.LOOK:
            return State.LOOKING if is_held else State.TO_LOOK
        return State.TAKING if is_held else State.TO_TAKE
