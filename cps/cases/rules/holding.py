"""How long what the desk tells is held back, so that it can still be undone; no Flask, no database."""

from datetime import timedelta

UNDO_FOR = timedelta(seconds=10)
"""After an act on one case nobody outside is told for so long."""

MOST_AT_ONCE = 1_000
"""Cases of one act on many."""

PER_CASE = timedelta(milliseconds=20)
"""An act on many is held back longer for each of its cases: doing them takes a while."""


def held_for(cases: int = 1) -> timedelta:
    """Return how long an act on so many cases is held back."""
    return UNDO_FOR + (PER_CASE * cases if cases > 1 else timedelta())


LONGEST_HELD = held_for(MOST_AT_ONCE)

UNDONE = "undone"
"""In the data of an event: it was taken back before anybody outside read it."""
