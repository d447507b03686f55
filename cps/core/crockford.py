"""Crockford's base 32: digits that people read aloud and type without mistaking one for another.

See https://www.crockford.com/base32.html: ten digits and the letters without I, L, O and U.
"""

import unicodedata

from cps.core.text import separates

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 5
GROUP = 4

_VALUES = {digit: value for value, digit in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_LONGEST = 400


def write(number: int, length: int) -> str:
    """Return a number from 0 to ``32**length - 1`` as so many digits."""
    return "".join(ALPHABET[number >> shift & 31] for shift in range(BITS * (length - 1), -1, -BITS))


def value_of(digits: str) -> int:
    """Return the number that digits of the alphabet write."""
    number = 0
    for digit in digits:
        number = number << BITS | _VALUES[digit]
    return number


def read(text: str) -> str | None:
    """Return the digits meant by what somebody typed, or None where anything else stands between them.

    Small letters, full-width letters, digits of any script, O for 0, I and L for 1 count; spaces, dashes and
    invisible marks do not.
    """
    if len(text) > _LONGEST:
        return None
    found = []
    for character in unicodedata.normalize("NFKC", text).upper():
        if (digit := unicodedata.decimal(character, None)) is not None:
            found.append(str(digit))
        elif (value := _VALUES.get(character)) is not None:
            found.append(ALPHABET[value])
        elif not separates(character):
            return None
    return "".join(found)


def grouped(digits: str, between: str = "-") -> str:
    """Return the digits in groups of four."""
    return between.join(digits[start : start + GROUP] for start in range(0, len(digits), GROUP))
