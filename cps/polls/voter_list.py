"""Reads the list of those who may vote in a poll: the first column of a CSV file, one person a line."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

LARGEST_LIST = 20 * 1024 * 1024
HEADS = frozenset({"number", "register", "phone", "email", "e-mail", "mail", "account"})
"""First cells that name the column instead of a person, in small letters; others are known by their signs."""

NameOf = Callable[[str], str]


class NotAList(ValueError):
    """The file is no text that can be read."""


class WhyWrong(StrEnum):
    """Why a line cannot be used; the page has a sentence for each."""

    NAMES_NOBODY = "names-nobody"
    NOT_IN_REGISTER = "not-in-register"
    GONE = "gone"


@dataclass(slots=True)
class VoterList:
    """By what everybody is named and in which line, and the lines that name nobody."""

    names: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    may_have_head: bool = False
    """Whether the first name may be the head of its column: it is made of a word."""


def read(data: bytes, name_of: NameOf) -> VoterList:
    """Return the list; `name_of` makes a name of one cell and raises ValueError for what is none.

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
            if not (is_first and cell.lower() in HEADS):
                _take(found, cell, rows.line_num, name_of, may_be_head=is_first and _is_a_word(cell))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotAList(str(error)) from None
    return found


def _take(found: VoterList, cell: str, line: int, name_of: NameOf, *, may_be_head: bool) -> None:
    try:
        found.names.append(name_of(cell))
    except ValueError:
        if not may_be_head:
            found.wrong.append(line)
        return
    found.lines.append(line)
    found.may_have_head |= may_be_head


def _is_a_word(cell: str) -> bool:
    """Say whether a cell that names nobody heads its column, in any language: neither number nor address."""
    return "@" not in cell and not any(sign.isdecimal() for sign in cell)
