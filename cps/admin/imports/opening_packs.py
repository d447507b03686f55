"""How files of categories and city packs are opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from cps.admin.category_files import CategoryTable
from cps.admin.imports.opened import Asked, Opened
from cps.admin.imports.services import Told
from cps.admin.pack import loading
from cps.admin.pack.reading import read_categories, read_pack
from cps.admin.pack.shapes import Pack
from cps.core.db import transaction
from cps.core.i18n import gettext as _
from cps.core.wrong_rows import WrongRows
from cps.departments import queries as departments

JSON = ".json"


@contextmanager
def categories(asked: Asked) -> Iterator[Opened]:
    """Read categories, in JSON as a pack has them or as a table."""
    known = [one.code for one in departments.all_departments()]
    if asked.name.lower().endswith(JSON):
        found, wrong = read_categories(asked.file.read(), known_departments=known), WrongRows()
    else:
        table = CategoryTable(known, asked.city.default_language)
        found, wrong = loading.read_table(asked.file, table, most=asked.most)
    yield _of_pack(Pack(categories=found), wrong, len(found), asked.at)


@contextmanager
def pack(asked: Asked) -> Iterator[Opened]:
    """Read a city pack, which is right as a whole or not at all."""
    known = [one.code for one in departments.all_departments()]
    yield _of_pack(read_pack(asked.file.read(), known_departments=known), WrongRows(), 1, asked.at)


def _of_pack(found: Pack, wrong: WrongRows, right: int, at: datetime) -> Opened:
    """Return what loads a pack; to compare, it is loaded and nothing of that is kept."""

    def load(by: int | None, at: datetime) -> Told:
        return _of_sections(loading.load(found, by=by, at=at))

    def compare() -> Told:
        with transaction() as session:
            told = load(None, at)
            session.rollback()
        return told

    return Opened(wrong, right, compare, load)


def _of_sections(report: loading.Report) -> Told:
    parts = report.parts.values()
    figures = {
        "new": sum(len(part.created) for part in parts),
        "changed": sum(len(part.changed) for part in parts),
        "same": sum(len(part.same) for part in parts),
    }
    remarks = list(report.remarks)
    if report.facts:
        remarks.append(_("Changed of the city: %(facts)s", facts=", ".join(report.facts)))
    if report.calendar_changed:
        remarks.append(_("The working calendar is changed."))
    return Told(figures, remarks)
