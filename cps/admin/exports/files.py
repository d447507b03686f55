"""What is in the files that are taken out, piece by piece: no more than their commands write."""

import csv
import io
from collections.abc import Iterable, Iterator

from cps.admin.exports import queries
from cps.admin.history import Change
from cps.admin.trail import queries as trail
from cps.admin.trail import wording
from cps.admin.trail.queries import Asked
from cps.core.i18n import gettext as _
from cps.core.text import harmless_cell
from cps.knowledge import importing
from cps.knowledge.services import all_articles

BYTE_ORDER_MARK = "\ufeff"
"""Without it, spreadsheets take UTF-8 for the encoding of their country."""

AUDIT_COLUMNS = ("time", "who", "what", "details")
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
ROWS_AT_ONCE = 500


def articles_as_table() -> Iterator[str]:
    """Yield the articles as rows of a table, as `cps export articles` writes them."""
    yield _line(importing.COLUMNS)
    for one in all_articles():
        yield "".join(map(_line, importing.as_cells(one)))


def articles_as_lines() -> Iterator[str]:
    """Yield the articles as JSON Lines, as `cps export articles` writes them."""
    for one in all_articles():
        yield f"{importing.as_object(one)}\n"


def audit_as_table() -> Iterator[str]:
    """Yield what was done as rows of a table, the newest first, with moments in UTC."""
    yield BYTE_ORDER_MARK + _line(AUDIT_COLUMNS)
    for changes in _changes():
        cells = ((f"{one.at:{MOMENT}}", one.who, one.what, one.words) for one in changes)
        yield "".join(_line(map(harmless_cell, row)) for row in cells)


def _changes() -> Iterator[list[Change]]:
    before = None
    while rows := trail.rows(Asked(), before=before, most=ROWS_AT_ONCE):
        yield wording.told(rows, names_of=_names_of)
        before = rows[-1].id


def _names_of(account_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of staff; others are told by their number, because a file goes where it wants."""
    wanted = {key for key in account_ids if key is not None}
    return {key: _("account %(number)s", number=key) for key in wanted} | queries.staff_names(wanted)


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
