"""Receipt codes: how a voter finds the own ballot in the published list.

A code is sixteen digits of Crockford's base 32, eighty random bits, shown as ``K7QF-9XTM-P2JD-VRWA``. It is
as secret as the choice.
"""

import secrets
from collections.abc import Callable

from cps.core import crockford

LENGTH = 16
RANDOM_BITS = LENGTH * crockford.BITS


def new_code(random: Callable[[int], int] = secrets.randbits) -> str:
    """Return a fresh code without hyphens; ``random(n)`` returns n random bits."""
    return crockford.write(random(RANDOM_BITS), LENGTH)


def is_code(text: str) -> bool:
    """Return whether the text is a code exactly as ballot lines hold it."""
    return len(text) == LENGTH and all(digit in crockford.ALPHABET for digit in text)


def display(code: str) -> str:
    """Return the code in groups of four, as it is shown and read aloud."""
    return crockford.grouped(code)


def parse(text: str) -> str | None:
    """Return the code meant by what somebody typed or pasted, or None where it is none."""
    digits = crockford.read(text)
    return digits if digits and len(digits) == LENGTH else None
