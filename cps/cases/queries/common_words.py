"""Very common words on SQLite: their newest hits, at the same cost however many there are.

FTS5 gives all hits, of which each row is read for its date before the newest stand first. Where hits are that
many, reading the list itself from its newest end and looking at each text comes to an end sooner. Which way
is quicker is known from how many there are; the hits are the same, and a word that was common only long ago
falls back to the index.
"""

from collections.abc import Sequence
from math import isqrt
from typing import Any

from sqlalchemy import Row, Select, func, select, text, tuple_

from cps.cases.models import Case
from cps.cases.queries.matching import holds_each
from cps.cases.rules import CaseKind
from cps.core import search
from cps.core.db import db

SPARE = 2
"""Hits must be so many times as many that, evenly spread, the wanted ones would stand in the rows read."""

MOST_RARE = 2_000
"""Hits that are read one by one at most."""

_COUNT = text("SELECT count(*) FROM (SELECT 1 FROM case_search WHERE case_search MATCH :tokens LIMIT :most)")


def newest_of_common(
    tokens: list[str], kind: CaseKind, *, size: int, before: Sequence[Any] = ()
) -> Sequence[Row[Any]] | None:
    """Return (id, received_at, title, search_text) of the `size` newest public cases that have all tokens.

    None where the tokens are not common enough, or too few stand near the newest end: then the index is the
    way. `before` is (received_at, id) of a case behind which the list begins.
    """
    if not tokens or db.engine.dialect.name != "sqlite":
        return None
    many = isqrt(size * (db.session.scalar(select(func.max(Case.id))) or 0))
    asked = {"tokens": search.fts5_query(tokens), "most": SPARE * many}
    if not many or db.session.scalar(_COUNT, asked) < SPARE * many:
        return None
    rows = db.session.execute(_walk(tokens, kind, many, before).limit(size)).all()
    return rows if len(rows) == size else None


def are_rare(tokens: list[str]) -> bool:
    """Whether so few cases have one of these tokens that it is quickest to begin with them.

    PostgreSQL knows that by itself: there it is said of none.
    """
    if not tokens or db.engine.dialect.name != "sqlite":
        return False
    asked = {"tokens": search.fts5_query(tokens, one_is_enough=True), "most": MOST_RARE}
    return int(db.session.scalar(_COUNT, asked) or 0) < MOST_RARE


def _walk(tokens: list[str], kind: CaseKind, most: int, before: Sequence[Any]) -> Select[Any]:
    """Select, among so many cases from the newest end of the public list, those that have all tokens."""
    wanted = select(Case.id, Case.kind, Case.received_at, Case.title, Case.search_text)
    if before:
        wanted = wanted.where(tuple_(Case.received_at, Case.id) < tuple_(*before))
    newest_first = wanted.where(Case.is_listed.is_(True)).order_by(Case.received_at.desc(), Case.id.desc())
    window = newest_first.limit(most).subquery()
    columns = (window.c.id, window.c.received_at, window.c.title, window.c.search_text)
    return select(*columns).where(window.c.kind == kind, holds_each(tokens, window.c.search_text))
