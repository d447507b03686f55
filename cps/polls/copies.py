"""The second copy of a poll's keys: a text to print or to store elsewhere, and its reading back.

All four secrets are written as eight numbered lines of seven groups of Crockford digits. Each line ends in
twelve bits of check, which also cover its number and the poll; a ninth line has forty bits over everything. A
wrong digit, two lines swapped or the sheet of another poll are noticed, and the line is named.
"""

import unicodedata
from enum import StrEnum
from hashlib import sha256

from cps.core import crockford
from cps.polls.keys import PollKeys
from cps.polls.soundness import SLUG

FORMAT = "cps-poll-keys-1"

_SECRETS = ("heads_private", "seal_private", "roll", "handle")
_KEY_BYTES = 32
_LINE_BYTES = 16
_LINES = len(_SECRETS) * _KEY_BYTES // _LINE_BYTES
_LAST = _LINES + 1
_LINE_CHECK_BITS = 12
_LAST_CHECK_BITS = 40
_LINE_DIGITS = (_LINE_BYTES * 8 + _LINE_CHECK_BITS) // crockford.BITS
_LAST_DIGITS = _LAST_CHECK_BITS // crockford.BITS
_LABELS = {str(number): number for number in range(1, _LAST + 1)}
_LONGEST = 4_000


class Why(StrEnum):
    """Why a text is no copy; pages have a sentence for each."""

    POLL_MISSING = "poll-missing"
    LINE_MISSING = "line-missing"
    LINE_WRONG = "line-wrong"


class CopyError(ValueError):
    """A text that is no whole copy of a poll's keys; ``line`` is the number of the line to look at."""

    def __init__(self, reason: Why, line: int | None = None) -> None:
        super().__init__(reason.value if line is None else f"{reason}: {line}")
        self.reason = reason
        self.line = line


def copy_text(keys: PollKeys) -> str:
    """Return all keys of a poll as a text of eleven lines; it is as secret as they are."""
    secret = b"".join(getattr(keys, name) for name in _SECRETS)
    lines = [FORMAT, f"poll {keys.poll}"]
    for number in range(1, _LAST):
        data = secret[(number - 1) * _LINE_BYTES : number * _LINE_BYTES]
        value = int.from_bytes(data) << _LINE_CHECK_BITS | _line_check(keys.poll, number, data)
        lines.append(f"{number} {crockford.grouped(crockford.write(value, _LINE_DIGITS), ' ')}")
    last = crockford.write(_last_check(keys.poll, secret), _LAST_DIGITS)
    return "\n".join([*lines, f"{_LAST} {crockford.grouped(last, ' ')}"]) + "\n"


def read_copy(text: str) -> PollKeys:
    """Return the keys that such a text holds, pasted or typed by hand; raises CopyError.

    Line breaks, hyphens, small letters and letters taken for digits do not matter; numbers of lines do.
    """
    poll, groups = _parts(text)
    data = [_line(poll, number, groups.get(number, "")) for number in range(1, _LAST)]
    secret = b"".join(data)
    if _digits(_LAST, groups.get(_LAST, ""), _LAST_DIGITS) != _last_check(poll, secret):
        raise CopyError(Why.LINE_WRONG, _LAST)
    found = {
        name: secret[place * _KEY_BYTES : (place + 1) * _KEY_BYTES] for place, name in enumerate(_SECRETS)
    }
    return PollKeys(poll=poll, **found)


def _parts(text: str) -> tuple[str, dict[int, str]]:
    """Return the poll's slug and what stands after each line number."""
    words = unicodedata.normalize("NFKC", text[:_LONGEST]).split()
    poll, number = "", 0
    groups: dict[int, str] = {}
    for before, word in zip(["", *words], words, strict=False):
        label = word.rstrip(".:)")
        if before.rstrip(":").lower() == "poll":
            poll = word.lower()
        elif label in _LABELS and _ends_a_group(groups.get(number, "")):
            number = _LABELS[label]
        elif number and not (number == _LAST and _is_whole(groups.get(number, ""))):
            groups[number] = groups.get(number, "") + word
    if not SLUG.fullmatch(poll):
        raise CopyError(Why.POLL_MISSING)
    return poll, groups


def _ends_a_group(typed: str) -> bool:
    """Return whether a digit alone may be the next line's number, rather than the rest of a group."""
    return _length(typed) % crockford.GROUP == 0


def _is_whole(typed: str) -> bool:
    """Return whether the last line is there: what follows are other words of the sheet."""
    return _length(typed) >= _LAST_DIGITS


def _length(typed: str) -> int:
    return sum(character.isalnum() for character in typed)


def _line(poll: str, number: int, typed: str) -> bytes:
    value = _digits(number, typed, _LINE_DIGITS)
    data = (value >> _LINE_CHECK_BITS).to_bytes(_LINE_BYTES)
    if value & (1 << _LINE_CHECK_BITS) - 1 != _line_check(poll, number, data):
        raise CopyError(Why.LINE_WRONG, number)
    return data


def _digits(number: int, typed: str, length: int) -> int:
    if not typed:
        raise CopyError(Why.LINE_MISSING, number)
    digits = crockford.read(typed)
    if digits is None or len(digits) != length:
        raise CopyError(Why.LINE_WRONG, number)
    return crockford.value_of(digits)


def _line_check(poll: str, number: int, data: bytes) -> int:
    return _check(f"{FORMAT} {poll} {number} ", data, _LINE_CHECK_BITS)


def _last_check(poll: str, secret: bytes) -> int:
    return _check(f"{FORMAT} {poll} ", secret, _LAST_CHECK_BITS)


def _check(about: str, data: bytes, bits: int) -> int:
    return int.from_bytes(sha256(about.encode() + data).digest()) >> 256 - bits
