"""Learns the words of public cases, for searches with a slip of the pen.

Only texts that everybody may read are looked at, and of their words only those that several of them have.
What is hidden or made private later leaves at the next time, and a search offers no word that finds nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from cps.cases.queries import newest_texts
from cps.core import near_words, search
from cps.core.db import db, transaction
from cps.core.word_forms import keys

NEWEST = 50_000
"""So many public cases are read, the newest: what it costs does not grow with the years."""

SEVERAL = 3
"""Cases that have a word before it is kept."""

MOST_KEPT = 30_000
_AT_ONCE = 200
_KOREAN_WORD = re.compile("[\uac00-\ud7a3]{2,}")
_LONGEST_BEGINNING = 6
"""Syllables: Korean endings stick to words, so their beginnings are words too."""


def learn_words(_at: datetime) -> None:
    """Make the vocabulary that of the newest public cases, in many short transactions of its own."""
    wanted, known = _wanted(), near_words.vocabulary()
    changed = [word for word, weight in wanted.items() if known.get(word) != weight]
    for some in _parts(changed):
        with transaction():
            near_words.keep({word: wanted[word] for word in some})
    for some in _parts(sorted(known.keys() - wanted.keys())):
        with transaction():
            near_words.forget(some)


def _parts(words: Sequence[str]) -> Iterable[Sequence[str]]:
    return (words[start : start + _AT_ONCE] for start in range(0, len(words), _AT_ONCE))


def _wanted() -> dict[str, int]:
    """Return the words to keep; the weight grows by one where the cases double, so it seldom changes."""
    cases = _counted()
    several = (word for word, count in cases.most_common() if count >= SEVERAL and keys(word))
    return {word: cases[word].bit_length() for word in islice(several, MOST_KEPT)}


def _counted() -> Counter[str]:
    """Return how many of the newest public cases have each word."""
    words: Counter[str] = Counter()
    korean: Counter[str] = Counter()
    for rows in newest_texts(NEWEST):
        db.session.rollback()  # nobody's writing waits, and no row is kept, while all of them are read
        for row in rows:
            words.update(row.search_text.split(" "))
            korean.update(_beginnings(" ".join((row.title, row.body, row.address))))
    for word in [word for word in words if search.is_unspaced(word)]:
        del words[word]  # pairs of syllables, which nobody typed
    return words + korean


def _beginnings(text: str) -> set[str]:
    """Return the Korean words of a text, and their beginnings of two syllables and more."""
    return {
        word[:length]
        for word in _KOREAN_WORD.findall(text)
        for length in range(2, min(len(word), _LONGEST_BEGINNING) + 1)
    }
