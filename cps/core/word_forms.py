"""How near two words are: forms of one word, one slip of the pen, the wrong keyboard; no database.

Forms are cut by the endings of English and the affixes of Indonesian, which need no dictionary. What they cut
wrongly does no harm: two words are forms of one only where both lead to the same root.
"""

from enum import IntEnum
from functools import lru_cache

from cps.core.keyboard import strokes

SHORTEST, LONGEST = 4, 32
"""Letters of words that are looked up: shorter ones are near to too many, longer ones are no words."""

_SURE = 6
"""Letters from which on the first one may be the slip."""

_PREFIXES = {
    "memper": ("",), "diper": ("",), "meng": ("", "k"), "meny": ("s",), "mem": ("", "p"), "men": ("", "t"),
    "me": ("",), "peng": ("", "k"), "peny": ("s",), "pem": ("", "p"), "pen": ("", "t"), "per": ("",),
    "pe": ("",), "ber": ("",), "ter": ("",), "di": ("",), "ke": ("",),
}  # fmt: skip
"""Indonesian prefixes, and the first letters of the root that they swallow."""

_SUFFIXES = ("kan", "an", "i", "nya", "lah", "es", "s", "ing", "ed")


class Nearness(IntEnum):
    """How one word leads to another, the nearest first."""

    SAME = 0
    """Typed with the same keys."""

    FORM = 1
    SLIP = 2


def keys(word: str) -> set[str]:
    """Return the keys under which a word is kept and looked for; none where it has no near words.

    Two words that are near have a key in common: each is kept under its own letters, under them with any one
    left out, and under its roots.
    """
    typed = strokes(word)
    if not SHORTEST <= len(typed) <= LONGEST or any(character.isdecimal() for character in typed):
        return set()
    return {typed, *(typed[:at] + typed[at + 1 :] for at in range(len(typed))), *roots(typed)}


def nearness(word: str, other: str) -> Nearness | None:
    """Return how near another word is, None where it is not; a short word must begin with the same letter."""
    first, second = strokes(word), strokes(other)
    if first == second:
        return Nearness.SAME
    if roots(first) & roots(second):
        return Nearness.FORM
    is_likely = first[:1] == second[:1] or len(first) >= _SURE
    return Nearness.SLIP if is_likely and one_slip(first, second) else None


def one_slip(word: str, other: str) -> bool:
    """Say whether one letter more, less or changed, or two neighbours swapped, makes one of the other."""
    while word and other and word[0] == other[0]:
        word, other = word[1:], other[1:]
    while word and other and word[-1] == other[-1]:
        word, other = word[:-1], other[:-1]
    is_swap = len(word) == len(other) == 2 and word == other[::-1]
    return is_swap or (len(word) <= 1 and len(other) <= 1)


@lru_cache(maxsize=50_000)
def roots(word: str) -> frozenset[str]:
    """Return the word and what is left of it without affixes, where that has four letters or more."""
    if not word.isascii():
        return frozenset({word})
    found = {word}
    for prefix, swallowed in _PREFIXES.items():
        if word.startswith(prefix):
            found |= {letter + word.removeprefix(prefix) for letter in swallowed}
    found |= {one.removesuffix(suffix) for one in found for suffix in _SUFFIXES if one.endswith(suffix)}
    return frozenset(one for one in found if len(one) >= SHORTEST) | {word}
