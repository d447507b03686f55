"""Filing a complaint: danger words, a hint at the category, what is alike; no Flask, no database."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from cps.core import search
from cps.wards.geometry import distance_m

ANSWERED_WITHIN = timedelta(days=90)
"""How long ago a case may have been closed to be shown as similar."""

FASTEST = timedelta(seconds=2)
"""Nobody writes a complaint faster; what comes faster is filed, and marked for a person's look."""

MOST_SIMILAR = 5

_NEAR_M = 500
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


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared of two complaints: search words joined by spaces, the place where it is known."""

    words: str
    category_id: int
    lat: float | None = None
    lon: float | None = None


def most_alike(new: Report, others: Mapping[int, Report], *, most: int = MOST_SIMILAR) -> list[int]:
    """Return the keys of the complaints that may be the same as a new one, the likeliest first.

    Nearness, common words (Dice's coefficient over their beginnings) and the category are weighed. What is
    farther than 500 m, or neither of the same category nor in similar words, is left out.
    """
    beginnings = _beginnings(new.words)
    scores = {key: _likeness(new, beginnings, other) for key, other in others.items()}
    alike = sorted((key for key, score in scores.items() if score > 0), key=lambda key: -scores[key])
    return alike[:most]


def _likeness(new: Report, beginnings: frozenset[str], other: Report) -> float:
    nearness = _nearness(new, other)
    common = _dice(beginnings, _beginnings(other.words))
    same = new.category_id == other.category_id
    if nearness <= 0 or not (same or common >= 0.35):
        return 0.0
    return 0.45 * nearness + 0.35 * common + 0.2 * same


def _nearness(new: Report, other: Report) -> float:
    """Return 1 at one place, 0 at 500 m; where a place is unknown both are of one ward, which is little."""
    if new.lat is None or new.lon is None or other.lat is None or other.lon is None:
        return 0.2
    return 1 - distance_m(new.lat, new.lon, other.lat, other.lon) / _NEAR_M


def _beginnings(words: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words.split() if len(word) > 2 or not word.isascii())


def _dice(first: frozenset[str], second: frozenset[str]) -> float:
    size = len(first) + len(second)
    return 2 * len(first & second) / size if size else 0.0
