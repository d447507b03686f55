"""Case references, PINs and secret links: what a resident quotes to reach a case.

A reference is twelve digits: year and month of filing, seven random digits and a check digit, shown as
``2611-4839-1260``. The check digit follows H. Michael Damm, "Total anti-symmetrische Quasigruppen" (2004):
every single wrong digit and every swap of two neighbours is noticed.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from cps.core.text import separates

LENGTH = 12
PIN_LENGTH = 4
SECRET_BYTES = 24
_RANDOM_DIGITS = 7
_GIVEN_AT_ONCE = 9 * 10 ** (_RANDOM_DIGITS - 1)
"""Random numbers from here on are set aside for forms on paper, so that no case gets one of them before."""

# Damm's quasigroup of order ten: totally anti-symmetric, zero on the diagonal.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


_POINTS = str.maketrans("./", "  ")


class Why(StrEnum):
    """Why a text is not a reference; the page has a sentence for each."""

    EMPTY = "empty"
    NOT_DIGITS = "not digits"
    WRONG_LENGTH = "wrong length"
    MISTYPED = "mistyped"


class NotAReference(ValueError):
    """The text cannot be a reference; ``reason`` says why."""

    def __init__(self, reason: Why) -> None:
        super().__init__(reason.value)
        self.reason = reason


def new_reference(at: datetime, zone: ZoneInfo, random: Callable[[int], int] = secrets.randbelow) -> str:
    """Return a fresh reference of twelve digits for a case filed at the aware time ``at``.

    ``random(n)`` returns a number from 0 to n - 1. Two calls can give the same reference (once in ten million
    for the same month); the caller's unique column notices and asks again.
    """
    month = at.astimezone(zone).strftime("%y%m")
    return _with_check(f"{month}{random(_GIVEN_AT_ONCE):0{_RANDOM_DIGITS}d}")


def reference_to_set_aside(
    at: datetime, zone: ZoneInfo, random: Callable[[int], int] = secrets.randbelow
) -> str:
    """Return a reference that no case gets which is filed at once; two calls can give the same one."""
    month = at.astimezone(zone).strftime("%y%m")
    number = _GIVEN_AT_ONCE + random(10**_RANDOM_DIGITS - _GIVEN_AT_ONCE)
    return _with_check(f"{month}{number:0{_RANDOM_DIGITS}d}")


def _with_check(digits: str) -> str:
    return f"{digits}{check_digit(digits)}"


def check_digit(digits: str) -> int:
    """Return Damm's check digit for ASCII digits; over digits and check digit together it is 0."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def parse(text: str) -> str:
    """Return the twelve ASCII digits meant by ``text``; raises NotAReference.

    Digits of any script count, and dashes, spaces and invisible marks of any kind between them are ignored.
    """
    digits = _digits(text)
    if digits is None:
        raise NotAReference(Why.NOT_DIGITS)
    if not digits:
        raise NotAReference(Why.EMPTY)
    if len(digits) != LENGTH:
        raise NotAReference(Why.WRONG_LENGTH)
    if check_digit(digits) != 0 or not 1 <= int(digits[2:4]) <= 12:
        raise NotAReference(Why.MISTYPED)
    return digits


def find(text: str) -> str:
    """Return the one reference in what somebody pasted: a sentence, a link, a number with a full stop.

    Raises NotAReference as `parse` does; where it holds none, or several, it is no number.
    """
    try:
        return parse(text)
    except NotAReference as error:
        if error.reason is not Why.NOT_DIGITS:
            raise
    found = {one for run in _runs(text) if (one := _or_none(run)) is not None}
    return found.pop() if len(found) == 1 else parse(text.translate(_POINTS))


def display(reference: str) -> str:
    """Return the reference in groups of four, as it is shown and read aloud."""
    return f"{reference[:4]}-{reference[4:8]}-{reference[8:]}"


def new_pin(random: Callable[[int], int] = secrets.randbelow) -> str:
    """Return a PIN of four digits."""
    return f"{random(10**PIN_LENGTH):0{PIN_LENGTH}d}"


def parse_pin(text: str) -> str | None:
    """Return the four ASCII digits meant by ``text``, typed in any script's digits, or None."""
    digits = _digits(text)
    return digits if digits and len(digits) == PIN_LENGTH else None


def secret_for(reference: str, *, key: bytes) -> str:
    """Return the secret of a case's link, 32 URL-safe characters: 192 bits of keyed SHA-256.

    It is the same at each call, so that every message can hold the link while the database holds its hash.
    """
    digest = hmac.new(key, f"link {reference}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:SECRET_BYTES]).decode()


def hash_secret(secret: str) -> str:
    """Return what is stored of a secret link, its SHA-256 in hex: enough for a long random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hash_pin(pin: str, *, reference: str, key: bytes) -> str:
    """Return what is stored of a PIN: HMAC-SHA256 in hex over reference and PIN, under the server's key.

    A bare hash of four digits could be undone by trying all ten thousand.
    """
    return hmac.new(key, f"pin {reference} {pin}".encode(), hashlib.sha256).hexdigest()


def _runs(text: str) -> list[str]:
    """Return the stretches of a text that hold nothing but digits and what separates them."""
    kept = (
        character if unicodedata.decimal(character, None) is not None or separates(character) else "\0"
        for character in text
    )
    return "".join(kept).split("\0")


def _or_none(text: str) -> str | None:
    try:
        return parse(text)
    except NotAReference:
        return None


def _digits(text: str) -> str | None:
    """Return the digits in ASCII without what separates them, or None where anything else is there."""
    found = []
    for character in text:
        value = unicodedata.decimal(character, None)
        if value is not None:
            found.append(str(value))
        elif not separates(character):
            return None
    return "".join(found)
