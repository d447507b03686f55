"""How alike two complaints are: place, words, category, time and photos; no Flask, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cps.wards.geometry import distance_m

ANSWERED_WITHIN = timedelta(days=90)
"""How long ago a case may have been closed, or the other have come, to be taken for the same."""

MOST_ALIKE = 5

_NEAR_M = 500
_STEM = 5
"""Letters by which words are compared: "light" and "lights" are the same."""

_SAME_WORDS = 0.35
_WEIGHTS = {"near": 0.4, "words": 0.3, "category": 0.15, "time": 0.15}
_EQUAL_PHOTO = 0.9
"""The least that two complaints with the same photo are alike."""

_PHOTO_BITS = 64
_MOST_BITS_APART = 5
"""Of the 64 bits of a perceptual hash; the same picture sent twice, smaller or sharper, differs in fewer."""

_PLAIN_BITS = 8
"""A picture in which hardly anything changes from left to right, a black one for instance, says nothing."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared of two complaints: search words joined by spaces, the place where it is known.

    `photos` are perceptual hashes, sixteen hex digits each.
    """

    words: str
    category_id: int
    lat: float | None = None
    lon: float | None = None
    at: datetime | None = None
    photos: frozenset[str] = frozenset()


def most_alike(new: Report, others: Mapping[int, Report], *, most: int = MOST_ALIKE) -> dict[int, float]:
    """Return how alike a complaint and others are, from above 0 to 1 by their keys, the likeliest first.

    What is farther than 500 m is left out, and what is neither of the same category nor in similar words,
    unless it has the same photo.
    """
    beginnings = _beginnings(new.words)
    scores = {key: _likeness(new, beginnings, other) for key, other in others.items()}
    best = sorted((key for key, score in scores.items() if score > 0), key=lambda key: -scores[key])
    return {key: scores[key] for key in best[:most]}


def have_equal_photo(first: Iterable[str], second: Iterable[str]) -> bool:
    """Return whether one photo of each is the same picture, by perceptual hashes of sixteen hex digits."""
    telling = [bits for bits in map(_bits, second) if _tells(bits)]
    return any(
        (_bits(one) ^ other).bit_count() <= _MOST_BITS_APART
        for one in first
        if _tells(_bits(one))
        for other in telling
    )


def _likeness(new: Report, beginnings: frozenset[str], other: Report) -> float:
    near = _nearness(new, other)
    if near <= 0:
        return 0.0
    words, same = _dice(beginnings, _beginnings(other.words)), new.category_id == other.category_id
    parts = {"near": near, "words": words, "category": float(same)}
    if new.at is not None and other.at is not None:
        parts["time"] = max(0.0, 1 - abs(new.at - other.at) / ANSWERED_WITHIN)
    score = sum(_WEIGHTS[name] * part for name, part in parts.items()) / sum(_WEIGHTS[name] for name in parts)
    if have_equal_photo(new.photos, other.photos):
        return max(score, _EQUAL_PHOTO)
    return score if same or words >= _SAME_WORDS else 0.0


def _nearness(new: Report, other: Report) -> float:
    """Return 1 at one place, 0 at 500 m; where a place is unknown both are of one ward, which is little."""
    if new.lat is None or new.lon is None or other.lat is None or other.lon is None:
        return 0.2
    return 1 - distance_m(new.lat, new.lon, other.lat, other.lon) / _NEAR_M


def _beginnings(words: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words.split() if len(word) > 2 or not word.isascii())


def _dice(first: frozenset[str], second: frozenset[str]) -> float:
    """Return Dice's coefficient: twice what two sets share, by what they have together."""
    size = len(first) + len(second)
    return 2 * len(first & second) / size if size else 0.0


def _bits(photo: str) -> int:
    return int(photo, 16)


def _tells(bits: int) -> bool:
    return _PLAIN_BITS <= bits.bit_count() <= _PHOTO_BITS - _PLAIN_BITS
