"""Files that are taken out: each taking leaves a row in the audit."""

from datetime import datetime

from cps.core import audit


def note_taking(what: str, *, by: int, at: datetime) -> None:
    """Leave a row that somebody takes a file out."""
    audit.record(f"export-{what}", about=("city", 1), by=by, at=at, changes={"exported": [None, what]})
