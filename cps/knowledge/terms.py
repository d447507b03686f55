"""By which words an article is found, and what of a question is looked for; no database.

A question is not a search for all words: what asks ("how do I …") says nothing, and one word may be missing.
So a question becomes wishes, one for a word, each with the ways in which an article may have it; an article
is as good as the weights of its words, the rarer ones counting more.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import log2

from cps.core import search
from cps.core.word_forms import keys, roots
from cps.knowledge.asking_words import KOREAN_ENDINGS, LEFT_OUT, THAI_LEFT_OUT

OF_TITLE, OF_WORDS, OF_BODY = 8, 7, 2
"""What a word says about an article by where it stands; `OF_WORDS` are other words by which people ask."""

ROOT = "~"
"""Stands before what is left of a word without its affixes."""

EXACT, SAME_ROOT, SYNONYM, BEGINS, SLIP = 1.0, 0.8, 0.8, 0.7, 0.6
"""What the ways to a word are worth."""

MOST_WISHES = 10
LONGEST_PART = 4
"""Pairs of syllables of a script without spaces that are one wish: nothing says where its words end."""

ENOUGH = 0.45
"""So much of what was asked an article must have, words weighed by how rare they are."""

UNKNOWN = 0.35
"""How much a word counts in this that no article has."""

_HANGUL = re.compile("[\uac00-\ud7a3]+")
_KOREAN_WORD = re.compile("[\uac00-\ud7a3]{2,}")
_LONGEST_BEGINNING = 6


@dataclass(frozen=True, slots=True)
class Way:
    """Terms that stand for a word together, and what it is worth to find them; half of them are enough."""

    terms: tuple[str, ...]
    worth: float = EXACT


@dataclass(frozen=True, slots=True)
class Wish:
    """One word that was asked for: how it was typed, and the ways in which an article may have it."""

    typed: str
    ways: tuple[Way, ...]
    begins: str = ""
    """What a word may begin with that is meant, where it may be typed only in part."""

    size: float = 1.0
    """How many words it counts for: a long one of a script without spaces is made of several."""


Weights = Mapping[str, int]
"""What each term says about one article."""


def terms_of(title: str, words: str, body: str) -> dict[str, int]:
    """Return the terms of a text, each with what it says about it."""
    weights: dict[str, int] = {}
    for text, weight in ((title, OF_TITLE), (words, OF_WORDS), (body, OF_BODY)):
        for token in search.tokens(text):
            for term in (token, *(ROOT + root for root in _roots(token))):
                weights[term] = max(weight, weights.get(term, 0))
    return weights


def spelled_words(*texts: str) -> set[str]:
    """Return the words of texts that a slip of the pen may miss: of alphabets, and Korean ones."""
    found = {word for text in texts for word in search.words(text) if not search.is_unspaced(word)}
    for text in texts:
        for word in _KOREAN_WORD.findall(text):
            found |= {word[:length] for length in range(2, min(len(word), _LONGEST_BEGINNING) + 1)}
    return {word for word in found if keys(word)}


def wishes(question: str, synonyms: Iterable[Sequence[str]] = ()) -> list[Wish]:
    """Return what is looked for; none where nothing that says something was typed."""
    words = _said(question)
    found = list(islice((wish for word in words for wish in _wishes_of(word)), MOST_WISHES))
    if words and found and not search.is_unspaced(words[-1]) and len(words[-1]) > 2:
        found[-1] = replace(found[-1], begins=search.tokens(words[-1])[-1])
    return _with_synonyms(found, synonyms)


def ways_to(word: str, worth: float) -> tuple[Way, ...]:
    """Return the ways to a word that may have been meant instead."""
    return tuple(replace(way, worth=way.worth * worth) for wish in _wishes_of(word) for way in wish.ways)


def all_terms(wanted: Iterable[Wish]) -> set[str]:
    """Return every term of the wishes."""
    return {term for wish in wanted for way in wish.ways for term in way.terms}


def rarity(articles: int, having: int) -> float:
    """Return what a word says by how few of all articles have it: near 0 for one that all have."""
    return log2(1 + articles / max(having, 0.5))


@dataclass(frozen=True, slots=True)
class Fit:
    """How well an article fits: its score, and how much of what was asked it has, from 0 to 1."""

    score: float
    share: float


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A wish as it is looked for in each article: the ways that any article may have, and what it counts."""

    ways: tuple[Way, ...]
    size: float
    rarity: float


class Scale:
    """Weighs articles for one question; what is the same for all of them is worked out once.

    `rarities` are of the terms that articles have, `unknown` of a word that none has.
    """

    def __init__(self, wanted: Sequence[Wish], rarities: Mapping[str, float], unknown: float) -> None:
        self._rarities = rarities
        self._wanted = [_weighed(wish, rarities, unknown) for wish in wanted]
        self._asked = sum(wish.rarity * wish.size for wish in self._wanted)

    def fit(self, has: Weights) -> Fit:
        """Return how well an article with these terms fits."""
        score = got = 0.0
        for wish in self._wanted:
            best, matched = max((_of_way(way, has, self._rarities) for way in wish.ways), default=(0.0, 0.0))
            score += best * wish.size
            got += wish.rarity * matched * wish.size
        return Fit(score, got / self._asked if self._asked else 0.0)


def _weighed(wish: Wish, rarities: Mapping[str, float], unknown: float) -> _Weighed:
    ways = tuple(way for way in wish.ways if any(term in rarities for term in way.terms))
    known = [rarities[term] for way in ways for term in way.terms if term in rarities]
    return _Weighed(ways, wish.size, max(known) if known else unknown * UNKNOWN)


def _of_way(way: Way, has: Weights, rarities: Mapping[str, float]) -> tuple[float, float]:
    """Return (score, how much of the way the article has)."""
    if len(way.terms) == 1:
        (term,) = way.terms
        return (way.worth * (has[term] * rarities.get(term, 0.0)), 1.0) if term in has else (0.0, 0.0)
    here = [has[term] * rarities.get(term, 0.0) for term in way.terms if term in has]
    share = len(here) / len(way.terms)
    if share < 0.5:
        return 0.0, 0.0
    return way.worth * sum(here) / len(way.terms), share


def _said(question: str) -> list[str]:
    """Return the words of a question that say something; all of them where none does."""
    text = question[: search.LONGEST_QUERY]
    for phrase in THAI_LEFT_OUT:
        text = text.replace(phrase, " ")
    words = search.words(text)
    saying = [word for word in map(_without_ending, words) if word and word not in LEFT_OUT]
    return list(dict.fromkeys(saying or words))


def _without_ending(word: str) -> str:
    """Return a Korean word without what makes a question of it, and without its particle."""
    if not _HANGUL.fullmatch(word):
        return word
    for ending in KOREAN_ENDINGS:
        if word.endswith(ending):
            word = word.removesuffix(ending)
            break
    return search.without_particle(word)


def _wishes_of(word: str) -> Iterator[Wish]:
    if search.is_unspaced(word):
        yield from _unspaced_wishes(word)
        return
    for token in search.tokens(word):
        near = [Way((ROOT + token,), SAME_ROOT)]
        for root in sorted(_roots(token)):
            near += [Way((root,), SAME_ROOT), Way((ROOT + root,), SAME_ROOT)]
        yield Wish(word, (Way((token,)), *near))


def _unspaced_wishes(word: str) -> Iterator[Wish]:
    pairs = search.tokens(word)
    if len(pairs) == 1:
        yield Wish(word, (), begins=pairs[0])
        return
    pairs = pairs[:-1]
    if _HANGUL.fullmatch(word) or len(pairs) <= LONGEST_PART + 2:
        yield Wish(word, (Way(tuple(pairs)),), size=_size(pairs))
        return
    for start in range(0, len(pairs), LONGEST_PART):
        part = pairs[start : start + LONGEST_PART]
        yield Wish("".join(part), (Way(tuple(part)),), size=_size(part))


def _size(pairs: Sequence[str]) -> float:
    return (len(pairs) + 1) / 2


def _roots(token: str) -> frozenset[str]:
    return roots(token) - {token} if len(token) <= search.LONGEST_QUERY else frozenset()


def _with_synonyms(found: list[Wish], synonyms: Iterable[Sequence[str]]) -> list[Wish]:
    """Add the other words of each set of which one was typed; one of several words must be there whole."""
    for words in synonyms:
        sets = [tuple(dict.fromkeys(_whole(word))) for word in words]
        typed = {term for wish in found for way in wish.ways[:1] for term in way.terms}
        for one in sets:
            if one and typed.issuperset(one):
                others = tuple(Way(other, SYNONYM) for other in sets if other and other != one)
                found = [_or_so(wish, one, others) for wish in found]
                break
    return found


def _whole(phrase: str) -> list[str]:
    """Return the terms of a phrase as a question has them first."""
    return [
        term
        for word in search.words(phrase)
        for wish in _wishes_of(word)
        for way in wish.ways[:1]
        for term in way.terms
    ]


def _or_so(wish: Wish, phrase: tuple[str, ...], others: tuple[Way, ...]) -> Wish:
    """Add ways to a wish that is a part of a phrase."""
    is_part = any(term in phrase for way in wish.ways[:1] for term in way.terms)
    return replace(wish, ways=wish.ways + others) if is_part else wish
