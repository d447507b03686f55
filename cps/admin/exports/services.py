"""Files that are taken out: each leaves a row in the audit, and has no more than its command writes."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from cps.admin.history import Change
from cps.core import audit
from cps.core.text import harmless_cell
from cps.knowledge import importing
from cps.knowledge.services import all_articles

BYTE_ORDER_MARK = "\ufeff"
"""Without it, spreadsheets take UTF-8 for the encoding of their country."""

AUDIT_COLUMNS = ("time", "who", "what", "details")


def note_taking(what: str, *, by: int, at: datetime) -> None:
    """Leave a row that somebody takes a file out."""
    audit.record(f"export-{what}", about=("city", 1), by=by, at=at, changes={"exported": [None, what]})


def articles_as_table() -> Iterator[str]:
    """Yield the articles as rows of a table, as `cps export articles` writes them."""
    yield _line(importing.COLUMNS)
    for one in all_articles():
        yield "".join(map(_line, importing.as_cells(one)))


def articles_as_lines() -> Iterator[str]:
    """Yield the articles as JSON Lines, as `cps export articles` writes them."""
    for one in all_articles():
        yield f"{importing.as_object(one)}\n"


def audit_as_table(batches: Iterable[list[Change]], written: Callable[[datetime], str]) -> Iterator[str]:
    """Yield what was done as rows of a table; `written` says how moments are written."""
    yield BYTE_ORDER_MARK + _line(AUDIT_COLUMNS)
    for changes in batches:
        cells = ((written(one.at), one.who, one.what, one.words) for one in changes)
        yield "".join(_line(map(harmless_cell, row)) for row in cells)


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
