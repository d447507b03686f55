"""Numbers of a register, birth dates, codes in letters and at the counter; no Flask, no database."""

import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cps.accounts.rules import LONGEST_NAME, IdentityKind
from cps.core import crockford
from cps.core.text import separates

LONGEST_NUMBER = 40
MONTHS = 12
OLDEST = 130
"""Years that nobody has lived: an earlier birth date is a slip."""

LETTER_CODE = 12
LETTER_FOR = timedelta(days=60)
LETTER_TRIES = 5
COUNTER_CODE = 6
COUNTER_FOR = timedelta(minutes=15)

_NOT_OF_A_NUMBER = dict.fromkeys([*range(0x21), ord("-"), 0x7F])
"""What `_folded` leaves out of ASCII."""

_YEAR_FIRST = re.compile(r"(\d{4})(?:([-/.])[ ]?(\d{1,2})\2[ ]?(\d{1,2})\.?|(\d\d)(\d\d))", re.ASCII)


_BETWEEN_NUMBERS = frozenset("-/., 년월일年月日")
"""What stands between year, month and day where people write a date in figures."""


class Fault(StrEnum):
    """Why a number or a birth date cannot be used; pages and commands have a sentence for each."""

    NO_NUMBER = "no number"
    LONG_NUMBER = "long number"
    NO_NAME = "no name"
    NO_DATE = "no date"
    NOT_A_DATE = "not a date"
    DAY_OR_MONTH = "day or month"
    IN_FUTURE = "in future"
    TOO_OLD = "too old"


class Unreadable(ValueError):
    """A number or a birth date cannot be used; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Claim(StrEnum):
    """What became of a proof of being in the register."""

    DONE = "done"
    WRONG = "wrong"
    """No letter has this code, or its person another birth date, or it was used: not told apart."""

    LAPSED = "lapsed"
    TRIED_OUT = "tried out"
    TAKEN = "taken"
    """Another account has proven to be this person."""

    HAS_ANOTHER = "has another"
    """This account has proven to be somebody already."""


LOOKED_AT = ("photo", "valid", "name")
"""What a clerk looks at before a document counts: each is ticked."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A document that a clerk has before them: a card by its number, else a person by name and birth date."""

    kind: IdentityKind
    number: str = ""
    name: str = ""
    born_on: date | None = None

    def parts(self) -> tuple[str, ...]:
        """Return what its tag is made of, as `normal_number` folds it; raises Unreadable."""
        if self.kind is IdentityKind.CARD:
            return (normal_number(self.number),)
        if self.born_on is None:
            raise Unreadable(Fault.NO_DATE)
        return normal_name(self.name), self.born_on.isoformat()


class CounterFault(StrEnum):
    """Why a clerk cannot verify somebody."""

    OWN_ACCOUNT = "own account"
    NOT_LISTED = "not listed"
    NO_WARD = "no ward"
    GONE = "gone"
    OTHER_DATE = "other date"
    TAKEN = "taken"
    HAS_ANOTHER = "has another"
    KNOWN = "known"


def normal_number(text: str) -> str:
    """Return a register number as its tag is made of it: NFKC, case folded, without spaces and hyphens.

    Digits of every script count as 0–9. Raises Unreadable for one that is empty or too long.
    """
    if len(text) > 10 * LONGEST_NUMBER:
        raise Unreadable(Fault.LONG_NUMBER)
    number = text.lower().translate(_NOT_OF_A_NUMBER) if text.isascii() else _settled(text)
    if not number:
        raise Unreadable(Fault.NO_NUMBER)
    if len(number) > LONGEST_NUMBER:
        raise Unreadable(Fault.LONG_NUMBER)
    return number


def normal_name(text: str) -> str:
    """Return a name as a tag is made of it, folded as a number is; raises Unreadable for an empty one."""
    name = _settled(text[:LONGEST_NAME])
    if not name:
        raise Unreadable(Fault.NO_NAME)
    return name


def _settled(text: str) -> str:
    """Fold until nothing changes: what is left out may let a letter and a mark meet."""
    while (folded := _folded(text)) != text:
        text = folded
    return text


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", "".join(_digit(sign) for sign in folded if not _left_out(sign)))


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def _left_out(sign: str) -> bool:
    return separates(sign) or unicodedata.category(sign) == "Cc"


def read_born_on(text: str, *, today: date) -> date:
    """Return a birth date written year first: 1990-05-17, 1990/5/17, 1990. 5. 17., 19900517 (ISO 8601).

    Any other order would have to be guessed. Raises Unreadable, also for one that cannot be.
    """
    written = text[:100].strip()
    if not written.isascii():
        written = "".join(_digit(sign) for sign in unicodedata.normalize("NFKC", written).strip())
    if not written:
        raise Unreadable(Fault.NO_DATE)
    found = _YEAR_FIRST.fullmatch(written)
    if found is None:
        raise Unreadable(Fault.NOT_A_DATE)
    try:
        born_on = date(int(found[1]), int(found[3] or found[5]), int(found[4] or found[6]))
    except ValueError:
        raise Unreadable(Fault.NOT_A_DATE) from None
    if born_on > today:
        raise Unreadable(Fault.IN_FUTURE)
    if born_on.year < today.year - OLDEST:
        raise Unreadable(Fault.TOO_OLD)
    return born_on


def read_typed_birth_date(text: str, *, today: date) -> date:
    """Return a birth date as somebody typed it: the year first, with what signs they like between, or last.

    With the year last, day and month must tell themselves apart, by dots (17.5.1990) or by their size
    (5/17/1990): nobody guesses. Raises Unreadable, also for a date that cannot be.
    """
    written = "".join(_digit(sign) for sign in unicodedata.normalize("NFKC", text[:100]).strip())
    if not all(sign in _BETWEEN_NUMBERS or (sign.isascii() and sign.isdigit()) for sign in written):
        raise Unreadable(Fault.NOT_A_DATE)
    numbers = re.findall(r"\d+", written, re.ASCII)
    if len(numbers) == 3 and len(numbers[2]) == 4:
        first, second, year = numbers
        is_day_first = _is_day_first(int(first), int(second), "." in written)
        numbers = [year, second, first] if is_day_first else [year, first, second]
    return read_born_on("-".join(numbers), today=today)


def _is_day_first(first: int, second: int, has_dots: bool) -> bool:
    """Say which of two numbers before a year is the day; raises Unreadable where both could be."""
    if has_dots or first > MONTHS or first == second:
        return True
    if second > MONTHS:
        return False
    raise Unreadable(Fault.DAY_OR_MONTH)


def new_letter_code() -> str:
    """Return twelve signs of Crockford's base 32, 60 random bits."""
    return crockford.write(secrets.randbits(LETTER_CODE * crockford.BITS), LETTER_CODE)


def read_letter_code(text: str) -> str | None:
    """Return the twelve signs of a typed code, whatever case, spaces or hyphens; else None."""
    code = crockford.read(text)
    return code if code and len(code) == LETTER_CODE else None


def has_lapsed(made_at: datetime, at: datetime) -> bool:
    """Return whether a letter is too old to be used."""
    return at >= made_at + LETTER_FOR


def new_counter_code(random: Callable[[int], int] = secrets.randbelow) -> str:
    """Return six digits."""
    return f"{random(10**COUNTER_CODE):0{COUNTER_CODE}d}"


def last_signs(number: str) -> str:
    """Return enough of a number to know one's own and not to learn another's: its last four signs at most."""
    return number[-min(4, len(number) // 2) :] if len(number) > 1 else ""
