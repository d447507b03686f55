"""What opening a file takes and gives, whatever kind it is."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, BinaryIO

from cps.admin.imports.services import Told
from cps.core.city import CityFacts
from cps.core.wrong_rows import WrongRows

LINES = ".jsonl"


@dataclass(frozen=True, slots=True)
class Asked:
    """A file to be read: its bytes, how it is called, and what was chosen in its form."""

    file: BinaryIO
    name: str
    wishes: Mapping[str, Any]
    city: CityFacts
    at: datetime
    most: int

    @property
    def is_lines(self) -> bool:
        """Whether it has JSON in each line, by its name."""
        return self.name.lower().endswith(LINES)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read: its wrong rows, how many are right, what it would do, and how it is written.

    `compare` is called outside of a transaction, `load` inside one, with the account and the time.
    """

    wrong: WrongRows
    right: int
    compare: Callable[[], Told]
    load: Callable[[int, datetime], Told]


def figures(report: Any) -> Told:
    """Return the numbers of a report that has nothing else."""
    return Told(asdict(report))
