"""What the search index of SQLite keeps of words that are gone: nothing, where somebody is forgotten.

FTS5 by itself only marks words as gone until it happens to merge (https://sqlite.org/fts5.html, 6.8), and
`secure-delete` needs a newer SQLite than many have; `optimize` writes the whole index anew, which takes
seconds in a large city. So the worker does it, once for many. PostgreSQL has the words in the row alone.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from cps.core import outbox
from cps.core.db import db
from cps.core.models import Job

JOB: Final = "drop-gone-words"
_OPTIMIZE = text("INSERT INTO case_search(case_search) VALUES ('optimize')")


def drop_gone_words() -> None:
    """Let words that left the index, in the running transaction too, leave its file; it takes its time."""
    if _has_index():
        db.session.execute(_OPTIMIZE)


def drop_gone_words_soon(at: datetime) -> None:
    """Let the worker do it as soon as the running transaction has ended."""
    if _has_index():
        outbox.enqueue(JOB, at=at)


def drop_gone_words_hourly(at: datetime) -> None:
    """Let the worker do it when this hour is over, once for all who ask in it."""
    if _has_index():
        hour = at.replace(minute=0, second=0, microsecond=0)
        outbox.enqueue_once(JOB, dedupe_key=f"{hour:%Y%m%d%H}", at=at, not_before=hour + timedelta(hours=1))


@outbox.job(JOB)
def _drop(_job: Job) -> None:
    drop_gone_words()


def _has_index() -> bool:
    return db.engine.dialect.name == "sqlite"
