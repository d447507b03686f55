"""Filing a complaint: danger words, a hint at the category; no Flask, no database."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from cps.core import search

FASTEST = timedelta(seconds=2)
"""Nobody writes a complaint faster; what comes faster is filed, and marked for a person's look."""

_STEM = 5
"""Letters from which on a danger word or keyword may go on: "electrocut" finds "electrocutado"."""


class Step(StrEnum):
    """The steps of filing whose input must be right before a complaint can be sent."""

    PLACE = "place"
    WORDS = "words"
    DETAILS = "details"


class KeptState(StrEnum):
    """What the city says of a complaint that a phone kept and sends."""

    SENT = "sent"
    LOOK = "look"
    """Something is not right, or asked anew; the person has to look."""

    OTHER_PERSON = "other-person"
    """It was begun under another sign-in than the one it comes with now."""

    NEW_KEY = "new-key"
    """Its draft can no longer be gone on with; it was not sent and may come under another key."""

    PHOTOS_MISSING = "photos-missing"


def first_missing(done: Iterable[str]) -> Step | None:
    """Return the first step that is not done yet, None when all are."""
    return next((step for step in Step if step.value not in set(done)), None)


def has_any(text: str, phrases: Iterable[str]) -> bool:
    """Return whether the text has one of the phrases, whatever its capitals, accents and signs.

    A phrase begins where a word begins. It ends where a word ends, unless its last word has five letters or
    more or is of a script without capitals, such as Hangul, where endings stick to words.
    """
    words = _haystack(text)
    return any(_needle(phrase) in words for phrase in phrases if _needle(phrase))


def suggest(text: str, keywords: Mapping[str, Iterable[str]], *, most: int = 3) -> list[str]:
    """Return the keys whose keywords stand most often in the text, the best first; ties keep their order."""
    words = _haystack(text)
    found = {
        key: sum(_needle(word) in words for word in set(given) if _needle(word))
        for key, given in keywords.items()
    }
    best = sorted((key for key, times in found.items() if times), key=lambda key: -found[key])
    return best[:most]


def _haystack(text: str) -> str:
    return f" {' '.join(search.tokens(text))} "


@lru_cache(maxsize=8_192)
def _needle(phrase: str) -> str:
    words = search.tokens(phrase)
    if not words:
        return ""
    last = words[-1]
    goes_on = len(last) >= _STEM or unicodedata.category(last[-1]) in {"Lo", "Mn", "Mc"}
    return f" {' '.join(words)}{'' if goes_on else ' '}"
