"""What words find: the likeliest of the newest first, and what was probably meant where they find nothing.

Both databases only choose the cases that have the words; which of them come first is decided here, so it is
the same on both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, func, literal, select, tuple_

from cps.cases.models import Case
from cps.cases.queries import map_cells
from cps.cases.queries.common_words import newest_of_common
from cps.cases.queries.lists import LIST_SIZE, Filter, listed, listed_where
from cps.cases.queries.map_view import colours_of, layer_of
from cps.cases.queries.matching import asked_tokens
from cps.cases.queries.rows import ROW
from cps.cases.rules.boxes import FINEST
from cps.core import near_words, search
from cps.core.db import db
from cps.core.paging import Page, read_key, write_key

WEIGHED = 100
"""So many of the newest hits are put in order; those before them follow by date."""

FEW = 3
"""Where fewer hits are found, others may have been meant."""

MOST_COUNTED = 1_000
_NEWEST_FIRST = (Case.received_at.desc(), Case.id.desc())
_OLDER = 9
"""Stands in keys for what comes after all that was weighed."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits.

    `instead`: the words that were looked for, because nothing has those that were asked for. `perhaps`: other
    words that find something, where those that were asked for find little.
    """

    page: Page[Row[Any]]
    instead: str = ""
    perhaps: str = ""


def found(wanted: Filter, *, after: str | None = None, exactly: bool = False) -> Found:
    """Return one page of the public list; with words, the likeliest first.

    One statement without words, two with them. Where they find fewer than three cases, and not `exactly`, the
    words that may have been meant are tried: at most seven statements more.
    """
    if not wanted.words.strip():
        return Found(listed(wanted, after=after))
    page = _by_likeness(wanted, after)
    if exactly or after or len(page.rows) >= FEW:
        return Found(page)
    for words in near_words.alternatives(wanted.words):
        other = _by_likeness(replace(wanted, words=words), None)
        if other.rows and not page.rows:
            return Found(other, instead=words)
        if {row.id for row in other.rows} - {row.id for row in page.rows}:
            return Found(page, perhaps=words)
    return Found(page)


def count_listed(wanted: Filter) -> int:
    """Return how many cases a list shows, at most one more than `MOST_COUNTED`."""
    if (counted := _counted_in_cells(wanted)) is not None:
        return counted
    conditions = listed_where(wanted, in_order=False)
    some = select(literal(1)).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _counted_in_cells(wanted: Filter) -> int | None:
    """Return how many cases the cells of its box hold, where that is all that is to be known."""
    layer = layer_of(wanted)
    inside = wanted.box.inside(FINEST) if wanted.box else None
    if layer is None or inside is None:
        return None
    total = map_cells.count_in(layer, inside).only(colours_of(wanted)).total
    is_enough = inside == wanted.box or total > MOST_COUNTED
    return min(total, MOST_COUNTED + 1) if is_enough else None


def _by_likeness(wanted: Filter, after: str | None, size: int = LIST_SIZE) -> Page[Row[Any]]:
    key = read_key(after, int, datetime, int)
    if key is not None and key[0] == _OLDER:
        return _older(wanted, key[1:], size)
    weighed, goes_on = _weighed(wanted)
    behind = [one for one in weighed if key is None or _place(one) > _place(key)]
    chosen = behind[:size]
    if len(behind) > size:
        return Page(_in_full(chosen), write_key(chosen[-1]))
    oldest = min(((at, case_id) for _rank, at, case_id in weighed), default=None)
    return Page(_in_full(chosen), write_key((_OLDER, *oldest)) if goes_on and oldest else None)


_Weighed = tuple[int, datetime, int]
"""How well a case fits, 0 best; when it was received; its id."""


def _weighed(wanted: Filter) -> tuple[list[_Weighed], bool]:
    """Return the newest hits in the order in which they are shown, and whether there are older ones."""
    rows, tokens = _newest(wanted, WEIGHED + 1), asked_tokens(wanted.words)
    weighed = [(_rank(tokens, row.title, row.search_text), row.received_at, row.id) for row in rows[:WEIGHED]]
    return sorted(weighed, key=_place), len(rows) > WEIGHED


def _newest(wanted: Filter, size: int, before: Sequence[Any] = ()) -> Sequence[Any]:
    """Return (id, received_at, title, search_text) of the newest hits, or of those behind a moment and id."""
    if wanted == Filter(kind=wanted.kind, words=wanted.words):
        common = newest_of_common(asked_tokens(wanted.words), wanted.kind, size=size, before=before)
        if common is not None:
            return common
    hits = select(Case.id, Case.received_at, Case.title, Case.search_text).where(*listed_where(wanted))
    if before:
        hits = hits.where(tuple_(Case.received_at, Case.id) < tuple_(*before))
    return db.session.execute(hits.order_by(*_NEWEST_FIRST).limit(size)).all()


def _place(one: Sequence[Any]) -> tuple[int, float, int]:
    rank, at, case_id = one
    return rank, -at.timestamp(), -case_id


def _rank(tokens: list[str], title: str, words: str) -> int:
    """Return 0 where the title has every word, 1 where it has their beginnings, 2 and 3 so for all texts."""
    of_title, whole = _words_of(title), [token.removesuffix(search.PREFIX) for token in tokens]
    if of_title.issuperset(whole):
        return 0
    if all(token in of_title or _begins(token, of_title) for token in tokens):
        return 1
    return 2 if set(words.split(" ")).issuperset(whole) else 3


def _begins(token: str, words: frozenset[str]) -> bool:
    start = token.removesuffix(search.PREFIX)
    return start != token and any(word.startswith(start) for word in words)


@lru_cache(maxsize=10_000)
def _words_of(title: str) -> frozenset[str]:
    return frozenset(search.tokens(title))


def _in_full(chosen: Sequence[_Weighed]) -> list[Row[Any]]:
    """Return the rows of a list in this order; one that was hidden meanwhile is not among them."""
    ids = [case_id for _rank, _at, case_id in chosen]
    if not ids:
        return []
    rows = db.session.execute(ROW.add_columns(Case.is_listed).where(Case.id.in_(ids)))
    by_id = {row.id: row for row in rows if row.is_listed}
    return [by_id[case_id] for case_id in ids if case_id in by_id]


def _older(wanted: Filter, key: Sequence[Any], size: int) -> Page[Row[Any]]:
    rows = _newest(wanted, size + 1, key)
    shown = [(_OLDER, row.received_at, row.id) for row in rows[:size]]
    return Page(_in_full(shown), write_key(shown[-1]) if len(rows) > size else None)
