"""Whether a text has a phrase, whatever its capitals, accents, signs and endings; no Flask, no database."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from cps.core import search

_STEM = 5
"""Letters from which on the last word of a phrase may go on: "electrocut" finds "electrocutado"."""


def has_any(text: str, phrases: Iterable[str]) -> bool:
    """Return whether the text has one of the phrases, whatever its capitals, accents and signs.

    A phrase begins where a word begins. It ends where a word ends, unless its last word has five letters or
    more or is of a script without capitals, such as Hangul, where endings stick to words.
    """
    words = haystack(text)
    return any(stands_in(words, phrase) for phrase in phrases)


def haystack(text: str) -> str:
    """Return a text as `stands_in` looks through it; made once for many phrases."""
    return f" {' '.join(search.tokens(text))} "


def stands_in(words: str, phrase: str) -> bool:
    """Return whether a haystack has a phrase; one without letters stands in none."""
    needle = _needle(phrase)
    return bool(needle) and needle in words


@lru_cache(maxsize=8_192)
def _needle(phrase: str) -> str:
    words = search.tokens(phrase)
    if not words:
        return ""
    last = words[-1]
    goes_on = len(last) >= _STEM or unicodedata.category(last[-1]) in {"Lo", "Mn", "Mc"}
    return f" {' '.join(words)}{'' if goes_on else ' '}"
