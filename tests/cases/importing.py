"""Files and acts that the tests of the import of cases share."""

import copy
import csv
import io
import json
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask

from cps.cases.commands import import_cases_command
from cps.cases.models import Case
from cps.core.db import db

MAPPING: dict[str, Any] = {
    "source": "old-desk",
    "zone": "America/New_York",
    "dates": ["%Y-%m-%d %H:%M:%S"],
    "visibility": "public",
    "columns": {
        "external_id": "enquiry",
        "received_at": "opened",
        "due_at": "target",
        "closed_at": "closed",
        "answer": "reason",
        "outcome": "reason",
        "title": "title",
        "category": "type",
        "department": "unit",
        "address": "street",
        "ward": "ward",
        "lat": "lat",
        "lon": "lon",
        "channel": "via",
    },
    "unknown": {"department": "create", "category": "create", "ward": "create"},
    "defaults": {"status": "triaged", "answer": "Closed without words."},
    "leave_out": {"answer": ["Case closed resolved", "Case closed"]},
    "values": {
        "outcome": {"Case closed resolved*": "fixed", "*not ours*": "not-ours", "*": "answered"},
        "channel": {"Call": "phone", "App": "web", "Staff": "import"},
    },
}
ROW = {
    "enquiry": "1001",
    "opened": "2011-07-01 08:00:00",
    "target": "2011-07-06 08:00:00",
    "closed": "2011-07-02 12:30:00",
    "reason": "Case closed resolved  Patched on Saturday. ",
    "title": "Pothole",
    "type": "Pothole repair",
    "unit": "Public works",
    "street": "15 Lilac Terrace",
    "ward": "Ward 3",
    "lat": "",
    "lon": "",
    "via": "Call",
}


def mapping(**changes: Any) -> dict[str, Any]:
    """Return the mapping with sections changed: `columns__ward=None` takes one value away."""
    made = copy.deepcopy(MAPPING)
    for name, value in changes.items():
        section, _, key = name.partition("__")
        place, at = (made.setdefault(section, {}), key) if key else (made, section)
        if value is None:
            place.pop(at)
        else:
            place[at] = value
    return made


def rows(*changes: dict[str, str]) -> str:
    """Return a table with a row for each: `ROW` with other values, numbered where it does not say."""
    text = io.StringIO()
    table = csv.DictWriter(text, ROW)
    table.writeheader()
    for number, change in enumerate(changes, 1001):
        table.writerow({**ROW, "enquiry": str(number), **change})
    return text.getvalue()


def bring_in(
    app: Flask,
    folder: Path,
    content: str | bytes,
    *options: str,
    by: dict[str, Any] | str | None = None,
) -> Result:
    """Run `cps import cases` on a file; a mapping that is a text is TOML."""
    file, told = folder / "cases.csv", folder / ("mapping.toml" if isinstance(by, str) else "mapping.json")
    file.write_bytes(content.encode(errors="surrogateescape") if isinstance(content, str) else content)
    told.write_text(by if isinstance(by, str) else json.dumps(by or MAPPING))
    return app.test_cli_runner().invoke(import_cases_command, [str(file), "--mapping", str(told), *options])


def cases() -> list[Case]:
    """Return all cases in the order in which they were written."""
    db.session.rollback()
    return list(db.session.scalars(db.select(Case).order_by(Case.id)))
