"""What becomes of the cases of an act; no Flask, no database."""

from enum import StrEnum


class CaseState(StrEnum):
    """What became of one case of an act; `kept` is one that could not be undone."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    UNDONE = "undone"
    KEPT = "kept"
