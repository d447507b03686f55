"""How long a text message is: what each sign costs, and how many segments it has (3GPP TS 23.038, 23.040)."""

from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Signs that cost two septets."""

_PLAINER = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "\u00a0": " ",
        "\u202f": " ",
    }
)


class Alphabet(StrEnum):
    """In which signs a message travels."""

    GSM_7 = "gsm-7"
    UCS_2 = "ucs-2"


@dataclass(frozen=True, slots=True)
class _Room:
    alone: int
    in_parts: int


_ROOM = {Alphabet.GSM_7: _Room(160, 153), Alphabet.UCS_2: _Room(70, 67)}


def plainer(text: str) -> str:
    """Return a text with typographic quotes, dashes and spaces as plain ones, where this saves half the cost.

    A text that needs other signs anyway is returned as it is.
    """
    plain = text.translate(_PLAINER)
    return plain if alphabet(plain) is Alphabet.GSM_7 else text


def alphabet(text: str) -> Alphabet:
    """Return the alphabet that a text needs; one sign outside of GSM-7 makes all of it UCS-2."""
    is_basic = all(sign in _BASIC or sign in _EXTENDED for sign in text)
    return Alphabet.GSM_7 if is_basic else Alphabet.UCS_2


def segments(text: str) -> int:
    """Return how many segments a text is sent and paid as; an empty one still is one."""
    return _segments(_costs(text), _ROOM[alphabet(text)])


def _costs(text: str) -> list[int]:
    """Return what each sign costs: septets, or halves of UTF-16 (an emoji is two that stay together)."""
    if alphabet(text) is Alphabet.GSM_7:
        return [2 if sign in _EXTENDED else 1 for sign in text]
    return [2 if ord(sign) > 0xFFFF else 1 for sign in text]


def _segments(costs: list[int], room: _Room) -> int:
    """Fill one segment after the other; a sign of two is never cut."""
    if sum(costs) <= room.alone:
        return 1
    number, used = 1, 0
    for cost in costs:
        if used + cost > room.in_parts:
            number, used = number + 1, 0
        used += cost
    return number
