"""What words tell of the category of a complaint: counted, weighed, measured; no Flask, no database.

Naive Bayes over the words that stand in a text (each once), as in D. Lewis, "Naive (Bayes) at forty" (1998),
with the m-estimate of B. Cestnik, "Estimating probabilities" (1990): a category with few complaints is as
likely to have a word as all of them together, until it knows better. Words are not independent of each other,
so it is too sure of itself: its logarithms are divided by a temperature (C. Guo and others, "On calibration
of modern neural networks", 2017), which is chosen on complaints that were not counted.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cps.core import search

FEWEST_CASES = 100
"""So many complaints are needed before anything is suggested."""

RAREST = 3
"""A word that fewer complaints have is not kept: it tells little, and it may be somebody's name."""

MOST_WORDS = 6_000

PRIOR = 2.0
"""Every category counts as if so many complaints more had each word as often as all complaints have it."""

TEMPERATURES = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 14.0, 20.0)
BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Where the bands of sureness of the measured table begin; the last ends at 1."""

RIGHT_ENOUGH = 0.95
FEWEST_MEASURED = 50
"""Applied by itself is only what was right so often, in so many measured complaints at least."""

Example = tuple[frozenset[str], str]
"""The words of a complaint, and the code of the category that it has in the end."""


def words_of(*texts: str) -> frozenset[str]:
    """Return the words of texts as they are counted."""
    return frozenset(token for text in texts for token in search.tokens(text))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category by its code, and how sure it is, from 0 to 1."""

    category: str
    sure: float


@dataclass(frozen=True)
class Learned:
    """How many complaints each category has, and how many of them have a word, by word and category."""

    cases: Mapping[str, int]
    words: Mapping[str, Mapping[str, int]]
    temperature: float = 1.0

    def written(self) -> dict[str, Any]:
        """Return it as a row keeps it."""
        return {"cases": dict(self.cases), "words": dict(self.words), "temperature": self.temperature}

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> "Learned":
        """Return what a row keeps."""
        return cls(written["cases"], written["words"], float(written["temperature"]))

    def suggest(self, words: Iterable[str], *, among: Iterable[str] | None = None) -> list[Suggestion]:
        """Return the categories, the surest first; their sureness adds up to 1. None without a known word."""
        return weighed(self.scores(words, among=among), self.temperature)

    def scores(self, words: Iterable[str], *, among: Iterable[str] | None = None) -> dict[str, float]:
        """Return the logarithms of how likely categories are, up to a constant; none without a known word."""
        every = sum(self.cases.values())
        known = [(found, PRIOR * sum(found.values()) / every)
                 for word in words if (found := self.words.get(word))]  # fmt: skip
        wanted = set(self.cases if among is None else among) & set(self.cases)
        return {code: self._score(code, known) for code in sorted(wanted)} if known else {}

    def _score(self, code: str, known: Sequence[tuple[Mapping[str, int], float]]) -> float:
        cases = self.cases[code]
        likely = sum(math.log(word.get(code, 0) + usual) for word, usual in known)
        return math.log(cases) + likely - math.log(cases + PRIOR) * len(known)


def weighed(scores: Mapping[str, float], temperature: float) -> list[Suggestion]:
    """Return what scores suggest, the surest first; the higher the temperature, the less sure."""
    best = max(scores.values(), default=0.0)
    weights = {code: math.exp((score - best) / temperature) for code, score in scores.items()}
    total = sum(weights.values())
    found = (Suggestion(code, weight / total) for code, weight in weights.items())
    return sorted(found, key=lambda one: -one.sure)


def learn(examples: Iterable[Example], *, temperature: float = 1.0) -> Learned:
    """Count words by category; of the words that enough complaints have, the most frequent are kept."""
    cases: Counter[str] = Counter()
    words: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for has, category in examples:
        cases[category] += 1
        for word in has:
            words[word][category] += 1
    often = {word: total for word, found in words.items() if (total := found.total()) >= RAREST}
    kept = sorted(often, key=lambda word: (-often[word], word))[:MOST_WORDS]
    return Learned(dict(cases), {word: dict(words[word]) for word in kept}, temperature)


@dataclass(frozen=True, slots=True)
class Band:
    """Suggestions that were about so sure: how many there were, how sure on average, how many were right."""

    begins: float
    cases: int
    sure: float
    right: int


@dataclass(frozen=True, slots=True)
class Measured:
    """How well suggestions told the category of complaints that came later than all that was counted."""

    learned: int
    cases: int
    first_right: int
    among_three: int
    temperature: float
    bands: Sequence[Band]
    repeated: int = 0  # not measured, as their words only repeat the name of their category

    def threshold(self) -> float | None:
        """Return the least sureness from which on suggestions were right often enough; None where never.

        In each band above it they were: many good ones above do not make up for a bad band.
        """
        found, cases = None, 0
        for band in reversed([band for band in self.bands if band.begins]):
            if band.right < RIGHT_ENOUGH * band.cases:
                break
            cases += band.cases
            if band.cases and cases >= FEWEST_MEASURED:
                found = band.begins
        return found

    def written(self) -> dict[str, Any]:
        """Return it as a row keeps it."""
        bands = [[band.begins, band.cases, band.sure, band.right] for band in self.bands]
        numbers = ("learned", "cases", "first_right", "among_three", "temperature", "repeated")
        return {**{name: getattr(self, name) for name in numbers}, "bands": bands}

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> "Measured | None":
        """Return what a row keeps; None where nothing was measured."""
        if not written:
            return None
        return cls(**{**written, "bands": [Band(*band) for band in written["bands"]]})


def measure(examples: Sequence[Example], names: Mapping[str, frozenset[str]]) -> Measured | None:
    """Measure on held-out complaints; `examples` are in the order in which they came. None where too few.

    The first 70 % are counted, the temperature is chosen on the next 15 %, and the last 15 % are measured.
    Neither is done on complaints that only repeat their category's name: no resident writes like that.
    """
    if len(examples) < FEWEST_CASES:
        return None
    tuned, measured = len(examples) * 70 // 100, len(examples) * 85 // 100
    learned = learn(examples[:tuned])
    scored = [(learned.scores(has), category) for has, category in _telling(examples[tuned:measured], names)]
    temperature = min(TEMPERATURES, key=lambda one: _loss(scored, one))
    later = _telling(examples[measured:], names)
    told = [(weighed(learned.scores(has), temperature), category) for has, category in later]
    if not told:
        return None
    return Measured(
        learned=tuned,
        cases=len(told),
        first_right=sum(category in [one.category for one in found[:1]] for found, category in told),
        among_three=sum(category in [one.category for one in found[:3]] for found, category in told),
        temperature=temperature,
        bands=[_band(begins, ends, told) for begins, ends in zip(BANDS, (*BANDS[1:], 1.1), strict=True)],
        repeated=len(examples) - measured - len(told),
    )


def _telling(examples: Sequence[Example], names: Mapping[str, frozenset[str]]) -> list[Example]:
    return [one for one in examples if not one[0] <= names.get(one[1], frozenset())]


def _loss(scored: Sequence[tuple[Mapping[str, float], str]], temperature: float) -> float:
    """Return how surprising the right categories are at a temperature."""
    loss = 0.0
    for scores, category in scored:
        found = weighed(scores, temperature)
        sure = next((one.sure for one in found if one.category == category), 0.0)
        loss -= math.log(max(sure, 1e-6))
    return loss


def _band(begins: float, ends: float, told: Sequence[tuple[list[Suggestion], str]]) -> Band:
    inside = [(found[0], category) for found, category in told if found and begins <= found[0].sure < ends]
    sure = sum(one.sure for one, _category in inside) / len(inside) if inside else 0.0
    return Band(begins, len(inside), sure, sum(one.category == category for one, category in inside))
