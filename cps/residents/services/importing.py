"""A register from a file against the one that is known: two rows of people in one order, walked together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update

from cps.core import audit
from cps.core.db import db
from cps.residents import queries
from cps.residents.models import RegisterEntry
from cps.residents.staging import Staged, Staging

CHUNK = 5_000
FIRST_TAG = ""


@dataclass(slots=True)
class Report:
    """How many people an import made, changed, found as they were, and found gone."""

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0


@dataclass(slots=True)
class _Step:
    """What is to be done about a few thousand people."""

    new: list[Staged] = field(default_factory=list)
    changed: list[Staged] = field(default_factory=list)
    same: int = 0
    missing: list[str] = field(default_factory=list)


def compare(staged: Staging, *, full: bool) -> Report:
    """Say what an import would do; nothing is written."""
    report = Report()
    for step in _steps(staged, full):
        _count(report, step)
    return report


def load(staged: Staging, *, full: bool, by: int | None, at: datetime) -> Report:
    """Bring the register to what a file tells; the same file again changes nothing.

    Who is not in a `full` file is marked as gone, and comes back with a later one. Proofs stay what they are.
    """
    report = Report()
    for step in _steps(staged, full):
        _write(step, at)
        _count(report, step)
    if report.new or report.changed or report.gone:
        told = {"new": report.new, "changed": report.changed, "gone": report.gone}
        changes = {name: [None, number] for name, number in told.items()}
        audit.record("import-residents", about=("city", 1), by=by, at=at, changes=changes)
    db.session.flush()
    return report


def _count(report: Report, step: _Step) -> None:
    report.new += len(step.new)
    report.changed += len(step.changed)
    report.same += step.same
    report.gone += len(step.missing)


def _steps(staged: Staging, full: bool) -> Iterator[_Step]:
    """Walk over file and register in the order of tags, some thousands at a time; each tag is met once."""
    after = FIRST_TAG
    while True:
        rows = staged.after(after, most=CHUNK)
        last = rows[-1].tag if len(rows) == CHUNK else None
        known = queries.entries_between(after, last, most=CHUNK)
        if len(known) == CHUNK:
            last = known[-1].tag
            rows = [row for row in rows if row.tag <= last]
        yield _step(rows, known, full)
        if last is None:
            return
        after = last


def _step(rows: list[Staged], known: Sequence[Any], full: bool) -> _Step:
    step = _Step()
    entries = {entry.tag: entry for entry in known}
    for row in rows:
        entry = entries.pop(row.tag, None)
        if entry is None:
            step.new.append(row)
        elif entry.is_gone or not entry.was_imported or (entry.ward_id, entry.born_on) != row[1:]:
            step.changed.append(row)
        else:
            step.same += 1
    if full:
        step.missing = [tag for tag, entry in entries.items() if not entry.is_gone]
    return step


def _write(step: _Step, at: datetime) -> None:
    if step.new:
        made = {"letter_tries": 0, "imported_at": at}
        rows = [{**row._asdict(), **made} for row in step.new]
        db.session.connection().execute(insert(RegisterEntry), rows)
    if step.changed:
        db.session.connection().execute(
            update(RegisterEntry)
            .where(RegisterEntry.tag == bindparam("of_tag"))
            .values(ward_id=bindparam("of_ward"), born_on=bindparam("of_born"), imported_at=at, gone_at=None),
            [{"of_tag": row.tag, "of_ward": row.ward_id, "of_born": row.born_on} for row in step.changed],
        )
    if step.missing:
        db.session.execute(
            update(RegisterEntry)
            .where(RegisterEntry.tag.in_(step.missing))
            .values(gone_at=at, letter_code_hash=None)
            .execution_options(synchronize_session=False)
        )
