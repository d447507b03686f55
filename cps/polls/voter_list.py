"""Reads the list of those who may vote in a poll: the first column of a CSV file, one person a line."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field

LARGEST_LIST = 20 * 1024 * 1024
HEADS = frozenset({"number", "register", "phone", "email", "e-mail", "mail", "account"})
"""First cells that name the column instead of a person, in small letters; others are known by their signs."""

TagOf = Callable[[str], str]


class NotAList(ValueError):
    """The file is no text that can be read."""


@dataclass(slots=True)
class VoterList:
    """The tags of everybody named, and the lines that name nobody."""

    tags: list[str] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)


def read(data: bytes, tag_of: TagOf) -> VoterList:
    """Return the list; `tag_of` makes the tag of one cell and raises ValueError for what is none.

    Raises NotAList for what is not UTF-8 or not CSV.
    """
    found, has_begun = VoterList(), False
    try:
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        for row in rows:
            cell = row[0].strip() if row else ""
            if not cell:
                continue
            is_first, has_begun = not has_begun, True
            if is_first and cell.lower() in HEADS:
                continue
            try:
                found.tags.append(tag_of(cell))
            except ValueError:
                if is_first and _is_a_word(cell):
                    continue
                found.wrong.append(rows.line_num)
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotAList(str(error)) from None
    return found


def _is_a_word(cell: str) -> bool:
    """Say whether a cell that names nobody heads its column, in any language: neither number nor address."""
    return "@" not in cell and not any(sign.isdecimal() for sign in cell)
