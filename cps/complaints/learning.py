"""Learns from complaints what their words tell of their category.

Only public complaints are read that somebody of the city has looked at: the category they have is the right
one, chosen by the resident and left, or corrected. A word is kept where three complaints have it.
"""

import sys
from datetime import datetime, timedelta

from cps.complaints import queries
from cps.core.db import db, transaction
from cps.departments import queries as departments
from cps.departments import services
from cps.departments.catalogue import KnownCategory
from cps.departments.suggesting import (
    FEWEST_CASES,
    Example,
    Suggestion,
    learn,
    measure,
    words_of,
)

NEWEST = 10_000
"""So many complaints are learned from, the newest: what it costs does not grow with the years."""

EVERY = timedelta(hours=20)

Found = tuple[KnownCategory, Suggestion]
"""A category that words suggest, and how sure they are of it."""


def learn_anew(at: datetime) -> None:
    """Learn once a day, in one short write transaction."""
    known = departments.learned_words()
    db.session.rollback()
    if known is None or at - known.learned_at >= EVERY:
        learn_now(at)


def learn_now(at: datetime) -> int:
    """Learn and measure; returns of how many complaints. Nothing is suggested below a hundred of them."""
    found = examples()
    db.session.rollback()  # nobody's writing waits while it is counted
    if len(found) < FEWEST_CASES:
        return len(found)
    measured = measure(found, names())
    learned = learn(found, temperature=measured.temperature if measured else 1.0)
    with transaction():
        services.keep_learned(learned, measured, len(found), at=at)
    return len(found)


def examples() -> list[Example]:
    """Return what is learned from, in the order in which it came; the same words are the same objects."""
    codes = {key: one.code for key, one in departments.catalogue().categories.items() if not one.is_integrity}
    return [
        (frozenset(map(sys.intern, words_of(row.title, row.body))), codes[row.category_id])
        for row in reversed(queries.sorted_complaints(NEWEST))
        if row.category_id in codes
    ]


def names() -> dict[str, frozenset[str]]:
    """Return the words of the names of every category, by its code."""
    categories = departments.catalogue().categories.values()
    return {one.code: words_of(*one.name.values()) for one in categories}


def suggestions(text: str) -> list[Found]:
    """Return what the words of a text suggest among the categories on offer, the surest first."""
    known = departments.learned_words()
    if known is None or known.measured is None:
        return []
    offered = {one.code: one for one in departments.catalogue().offered() if not one.is_integrity}
    return [(offered[one.category], one) for one in known.learned.suggest(words_of(text), among=offered)]


def surer(text: str, chosen: KnownCategory, *, least: float | None) -> Found | None:
    """Return the category that is to be put in place of the chosen one, where the city wants that.

    Only from `least` on, the sureness that the city set, and only as long as suggestions that sure are right
    often enough where they were measured. None for what concerns the city's staff.
    """
    known = departments.learned_words()
    measured = known.measured.threshold() if known and known.measured else None
    if least is None or measured is None or chosen.is_integrity:
        return None
    found = suggestions(text)[:1]
    return next(
        (one for one in found if one[1].sure >= max(least, measured) and one[0].id != chosen.id), None
    )
