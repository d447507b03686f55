"""Words that public texts have, kept so that one typed with a slip, or in another form, leads to them.

The table is small whatever the city's size, and is looked up by equal keys only, so both databases answer
alike. What may be in it, and how it is kept, is for whoever has the texts.
"""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import delete, select

from cps.core import search
from cps.core.db import db
from cps.core.models import SearchWord
from cps.core.upsert import insert_into
from cps.core.word_forms import keys, nearness

MOST_WORDS = 8
"""So many words of a query are looked up."""

_MOST_FORMS = 3

Weighed = tuple[str, int]


def vocabulary() -> dict[str, int]:
    """Return every word with its weight."""
    rows = db.session.execute(select(SearchWord.word, SearchWord.weight).distinct())
    return {row.word: row.weight for row in rows}


def keep(weights: Mapping[str, int]) -> None:
    """Write words with their weights, also those that stand already; for at most some hundred at a time."""
    rows = [
        {"key": key, "word": word, "weight": weight}
        for word, weight in sorted(weights.items())
        for key in sorted(keys(word))
    ]
    if rows:
        insert = insert_into(SearchWord)
        weight = {"weight": insert.excluded.weight}
        db.session.execute(insert.on_conflict_do_update(index_elements=["key", "word"], set_=weight), rows)


def forget(words: Iterable[str]) -> None:
    """Delete words; at most some hundred at a time."""
    db.session.execute(delete(SearchWord).where(SearchWord.word.in_(list(words))))


def alternatives(query: str, *, most: int = 3) -> list[str]:
    """Return what may have been meant by a query, the likeliest first, in words that texts have.

    One statement; none where no word of the query can be looked up. The query itself is not among them.
    """
    typed = list(dict.fromkeys(search.words(query[: search.LONGEST_QUERY])))
    looked_up = {key for word in typed[:MOST_WORDS] for key in _ways_to(word)}
    if not looked_up:
        return []
    rows = db.session.execute(
        select(SearchWord.word, SearchWord.weight).where(SearchWord.key.in_(sorted(looked_up))).distinct()
    )
    known: list[Weighed] = [(row.word, row.weight) for row in rows]
    choices = [_choices(word, known) if place < MOST_WORDS else [word] for place, word in enumerate(typed)]
    queries = dict.fromkeys(" ".join(words) for words in _one_by_one(choices))
    return [query for query in queries if query != " ".join(typed)][:most]


def _one_by_one(choices: list[list[str]]) -> Iterator[list[str]]:
    """Yield the first choice of every word, then that with the next choice of one word, and so on."""
    best = [words[0] for words in choices]
    yield best
    for rank in range(1, _MOST_FORMS + 1):
        for place, words in enumerate(choices):
            if rank < len(words):
                yield [*best[:place], words[rank], *best[place + 1 :]]


def _ways_to(word: str) -> set[str]:
    return keys(word) | keys(search.without_particle(word))


def _choices(word: str, known: Iterable[Weighed]) -> list[str]:
    """Return the words that may have been meant by one; itself first where texts have it, or none is near."""
    stem = search.without_particle(word)
    near = []
    for other, weight in known:
        how = min((n for w in (word, stem) if (n := nearness(w, other)) is not None), default=None)
        if how is not None and other not in {word, stem}:
            near.append((how, -weight, other))
    others = [other for _how, _weight, other in sorted(near)][:_MOST_FORMS]
    is_known = any(other in {word, stem} for other, _weight in known)
    return [word, *others] if is_known or not others else others
