"""A ballot: the choice that a form sent, the line that is hashed, counted and published, its one size."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from cps.polls import canonical, receipt
from cps.polls.canonical import Json
from cps.polls.rules import Method
from cps.polls.specification import Specification

Choice: TypeAlias = tuple[str, ...]
"""Option codes: sorted, or in a ranking from the first rank down; empty is a blank ballot."""

BLANK: Choice = ()
SALT_BYTES = 16
BODY_STEP = 64
"""Bodies are a multiple of so many bytes long."""

_SALT = re.compile(r"[0-9a-f]{32}")
_KEYS = {"choice", "code", "salt"}


class Why(StrEnum):
    """Why marks are no ballot; pages have a sentence for each."""

    UNKNOWN_OPTION = "unknown-option"
    TOO_MANY = "too-many"
    REPEATED = "repeated"
    OVER_BUDGET = "over-budget"


class BallotError(ValueError):
    """Marks that make no ballot; ``over`` says by how many options or by how much money it is too much."""

    def __init__(self, reason: Why, *, over: int = 0) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.over = over


class NotALine(ValueError):
    """Bytes that are no ballot line of the documented form, or no padded one."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one line holds; as secret as a vote until it is published, so it does not show itself in a log."""

    choice: Choice
    code: str
    salt: str

    def __repr__(self) -> str:
        return "Ballot(…)"


def read_choice(specification: Specification, marks: Iterable[str]) -> Choice:
    """Return the choice that a form's marks mean; raises BallotError.

    Marks are option codes, in a ranking one for each rank from the first down. Empty ones are left out, so
    that ranks close up over a gap; no mark at all is a blank ballot.
    """
    given = [mark for mark in (unicodedata.normalize("NFC", mark).strip() for mark in marks) if mark]
    if not {*given} <= {*specification.codes}:
        raise BallotError(Why.UNKNOWN_OPTION)
    if len({*given}) < len(given):
        raise BallotError(Why.REPEATED)
    if len(given) > specification.most:
        raise BallotError(Why.TOO_MANY, over=len(given) - specification.most)
    if (over := over_budget(specification, given)) > 0:
        raise BallotError(Why.OVER_BUDGET, over=over)
    return tuple(given if specification.method is Method.RANKING else sorted(given))


def over_budget(specification: Specification, codes: Iterable[str]) -> int:
    """Return by how much these options cost more than the budget, 0 where they do not or there is none."""
    if specification.budget is None:
        return 0
    costs = specification.costs
    return max(0, sum(costs[code] for code in codes) - specification.budget)


def new_salt() -> str:
    """Return 128 fresh random bits in hex."""
    return secrets.token_hex(SALT_BYTES)


def line(choice: Choice, code: str, salt: str) -> bytes:
    """Return the ballot line: canonical JSON, without a line end."""
    return canonical.to_bytes({"choice": choice, "code": code, "salt": salt})


def parse_line(data: bytes, specification: Specification) -> Ballot:
    """Return what a ballot line of this poll holds; raises NotALine for any other bytes."""
    try:
        value = canonical.from_bytes(data)
    except canonical.NotCanonical as error:
        raise NotALine(str(error)) from None
    if not isinstance(value, dict) or {*value} != _KEYS:
        raise NotALine("not exactly choice, code and salt")
    code, salt = value["code"], value["salt"]
    if not isinstance(code, str) or not receipt.is_code(code):
        raise NotALine("no receipt code")
    if not isinstance(salt, str) or not _SALT.fullmatch(salt):
        raise NotALine("no salt")
    return Ballot(_choice(value["choice"], specification), code, salt)


def body_size(specification: Specification) -> int:
    """Return how many bytes every ballot of the poll is padded to before it is sealed: one size for all."""
    longest = sorted(specification.codes, key=len, reverse=True)[: specification.most]
    length = len(line(tuple(longest), "0" * receipt.LENGTH, "0" * 2 * SALT_BYTES))
    return -(-length // BODY_STEP) * BODY_STEP


def pad(data: bytes, size: int) -> bytes:
    """Return the line followed by spaces up to the size; raises NotALine where it is longer."""
    if len(data) > size:
        raise NotALine(f"longer than {size} bytes")
    return data.ljust(size)


def unpad(body: bytes) -> bytes:
    """Return the line without the spaces after it."""
    return body.rstrip(b" ")


def _choice(value: Json, specification: Specification) -> Choice:
    """Return a choice that stands exactly as `read_choice` would have written it."""
    if not isinstance(value, list):
        raise NotALine("no choice")
    codes = tuple(code for code in value if isinstance(code, str))
    try:
        choice = read_choice(specification, codes)
    except BallotError as error:
        raise NotALine(f"no choice of this poll: {error}") from None
    if choice != codes or len(codes) != len(value):
        raise NotALine("a choice in another form")
    return choice
