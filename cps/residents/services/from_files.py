"""Files of the register and of cards, read whole before anything is written."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import BinaryIO, NamedTuple

from cps.core.city import CityFacts
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.keys import app_identity_key
from cps.core.progress import Progress
from cps.core.table_file import Cells, at_most, fault_in, plain, table_file, told
from cps.core.wrong_rows import WrongRow, WrongRows
from cps.residents import queries
from cps.residents.register_file import Reader, Row
from cps.residents.rules import Unreadable, normal_number
from cps.residents.staging import Staging
from cps.residents.wording import FAULTS
from cps.wards import queries as wards

STEP = 10_000
CARD_COLUMNS = ("card", "number")
CARDS_AT_ONCE = 1_000


class _Card(NamedTuple):
    """One card of a file by tag, with the tag of the entry it is of."""

    tag: str
    line: int
    entry_tag: str


def reader_for(city: CityFacts, columns: Mapping[str, str], *, at: datetime) -> Reader:
    """Return what reads a register of this city; raises RuleViolation while it has no wards."""
    known = {code: ward.id for code, ward in wards.areas().wards.items()}
    if not known:
        raise RuleViolation(_("The city has no wards yet. Bring them in first."))
    return Reader(known, at.astimezone(city.zone).date(), columns)


def read_register(
    file: BinaryIO,
    reader: Reader,
    staged: Staging,
    *,
    keeps_numbers: bool,
    progress: Progress,
    most: int | None = None,
) -> WrongRows:
    """Look at every row and keep those that are right; returns the others."""
    wrong, key = WrongRows(), app_identity_key()
    for row in told(at_most(reader.rows(file), most), file, progress, every=STEP):
        _keep_person(row, staged, wrong, key, keeps_number=keeps_numbers)
    return wrong


def _keep_person(
    row: Row | WrongRow, staged: Staging, wrong: WrongRows, key: bytes, *, keeps_number: bool
) -> None:
    if isinstance(row, WrongRow):
        wrong.add(row)
        return
    tag = queries.tag_of(row.normal, key)
    before = staged.add(tag, row, number=row.number if keeps_number else "")
    if before is not None:
        wrong.add(WrongRow(row.line, _("The number stands in line %(line)s already.", line=before)))


def read_cards(file: BinaryIO, staged: sqlite3.Connection, *, most: int | None = None) -> WrongRows:
    """Look at every card and keep those that are right; returns the others.

    Raises RuleViolation without the columns of cards.
    """
    wrong, rows = WrongRows(), at_most(_card_rows(file), most)
    while some := [_card_of(row) for row in islice(rows, CARDS_AT_ONCE)]:
        listed = queries.listed_among({card.entry_tag for card in some if isinstance(card, _Card)})
        for card in some:
            fault = card if isinstance(card, WrongRow) else _keep_card(card, staged, listed)
            if fault is not None:
                wrong.add(fault)
    return wrong


def _card_rows(file: BinaryIO) -> Iterator[Cells | WrongRow]:
    """Yield each row with its cells in the order of CARD_COLUMNS."""
    with table_file(file) as table:
        head = [plain(name) for name in table.head]
        if any(head.count(name) != 1 for name in CARD_COLUMNS):
            raise RuleViolation(_("The first line must name the columns “card” and “number”, each once."))
        places = [head.index(name) for name in CARD_COLUMNS]
        for row in table.rows():
            if isinstance(row, WrongRow):
                yield row
            else:
                yield Cells(row.line, [row.cells[place].strip() for place in places])


def _card_of(row: Cells | WrongRow) -> _Card | WrongRow:
    if isinstance(row, WrongRow):
        return row
    card, number = row.cells
    if fault := fault_in(card + number):
        return WrongRow(row.line, fault)
    try:
        entry_tag = queries.tag_of(normal_number(number), app_identity_key())
        return _Card(queries.card_tag(card), row.line, entry_tag)
    except Unreadable as bad:
        return WrongRow(row.line, str(FAULTS[bad.fault]))


def _keep_card(card: _Card, staged: sqlite3.Connection, listed: Collection[str]) -> WrongRow | None:
    if card.entry_tag not in listed:
        return WrongRow(card.line, _("The number is not in the register."))
    try:
        staged.execute("INSERT INTO card VALUES (?, ?, ?)", card)
    except sqlite3.IntegrityError:
        before = staged.execute("SELECT line FROM card WHERE tag = ?", (card.tag,)).fetchone()[0]
        return WrongRow(card.line, _("The card stands in line %(line)s already.", line=before))
    return None
