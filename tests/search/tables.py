"""The tables of this folder: what people told, what they type, what they are to find."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


class Told(NamedTuple):
    """One case."""

    key: str
    title: str
    body: str
    address: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody types, the keys of what is to be found in their order, what is shown instead."""

    query: str
    keys: tuple[str, ...]
    instead: str


def told() -> list[Told]:
    """Return the cases, the oldest first."""
    return [Told(*row) for row in _rows("cases.txt")]


def asked() -> list[Asked]:
    """Return the queries."""
    return [
        Asked(_seen(row[0]), tuple(row[1].split()) if row[1] != "-" else (), (*row[2:], "")[0])
        for row in _rows("queries.txt")
    ]


def _rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if line and not line.startswith("#")]


def _seen(query: str) -> str:
    """Return a query with the characters that stand as escapes in the table."""
    return query.encode("latin-1", "backslashreplace").decode("unicode_escape") if "\\u" in query else query
