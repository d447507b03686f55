"""What is done with files that are brought in; what a worker finds in them is noted here."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cps.admin.imports import queries
from cps.admin.imports.rules import MOST_TRIES, Carried, Ended, State, Step, What
from cps.core import audit, outbox, sealed
from cps.core.db import db
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.models import Job
from cps.core.storage import NotStored, current_storage
from cps.core.wrong_rows import WrongRows

FORGET = "forget-incoming-file"
PURPOSE = "incoming-file"
FILE = "incoming-file"
"""What audit rows are about."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a file does: numbers by what became of rows, and sentences."""

    figures: Mapping[str, int]
    remarks: list[str] = field(default_factory=list)


def keep(data: bytes) -> str:
    """Keep a file where it waits, so that nobody else can read it; returns its key."""
    key = f"incoming/{secrets.token_hex(16)}.bin"
    current_storage().put(key, sealed.write_bytes(PURPOSE, data), "application/octet-stream")
    return key


def read(key: str) -> bytes:
    """Return a file that waits; raises RuleViolation where it is gone, as after a restore."""
    try:
        data = sealed.read_bytes(PURPOSE, current_storage().get(key))
    except NotStored:
        data = None
    if data is None:
        raise RuleViolation(_("The file is not here any more. Bring it in again."))
    return data


def receive(
    what: What, key: str, name: str, wishes: dict[str, Any], *, by: int, language: str, at: datetime
) -> Job:
    """Let a worker look at a kept file."""
    carried = Carried(what, key, name, wishes, by, language)
    row = Job(kind=queries.KIND, dedupe_key=key, payload=carried.written(), created_at=at, run_at=at)
    db.session.add(row)
    db.session.flush()
    audit.record("upload-file", about=(FILE, row.id), by=by, at=at, changes=_named(what))
    return row


def take(row: Job, *, skips: bool, by: int, at: datetime) -> None:
    """Let a worker write what a locked file says; raises AlreadyDone for whoever comes second."""
    carried = _waiting_for_a_word(row)
    if carried.wrong and not (skips and carried.may_skip):
        raise RuleViolation(_("Some rows are wrong. Say that they are to be left out, or mend the file."))
    carried.step, carried.skips, carried.taken_by = Step.TAKE, skips, by
    row.payload, row.done_at = carried.written(), None
    row.run_at, row.attempts, row.last_error = at, 0, ""
    audit.record("take-file", about=(FILE, row.id), by=by, at=at, changes=_named(carried.what))
    db.session.flush()


def drop(row: Job, *, by: int, at: datetime) -> None:
    """Delete a locked file that nobody wants to take over."""
    carried = _waiting_for_a_word(row)
    audit.record("drop-file", about=(FILE, row.id), by=by, at=at, changes=_named(carried.what))
    _end(row, carried, Ended.DROPPED, at)


def note_look(row: Job, told: Told, wrong: WrongRows, *, at: datetime) -> None:
    """Note what was found in a file that can be taken over."""
    carried = Carried.of(row.payload)
    _tell(carried, told, wrong)
    row.payload, row.done_at, row.lease_until = carried.written(), at, None
    db.session.flush()


def note_refused(row: Job, problems: list[str], wrong: WrongRows | None = None, *, at: datetime) -> None:
    """Note why a file cannot be taken over; it is deleted."""
    carried = Carried.of(row.payload)
    _tell(carried, Told({}), wrong or WrongRows())
    carried.problems = problems
    _end(row, carried, Ended.REFUSED, at)


def note_taken(row: Job, told: Told, wrong: WrongRows, *, at: datetime) -> None:
    """Note what became of a file, in the transaction that wrote it; it is deleted."""
    carried = Carried.of(row.payload)
    _tell(carried, told, wrong)
    changes = {**_named(carried.what), **{name: [None, number] for name, number in told.figures.items()}}
    audit.record("import-file", about=(FILE, row.id), by=carried.taken_by, at=at, changes=changes)
    _end(row, carried, Ended.TAKEN, at)


def is_last_try(row: Job) -> bool:
    """Say whether a file has brought the program to a halt often enough."""
    return row.attempts >= MOST_TRIES


def give_up(row: Job, *, at: datetime) -> None:
    """Note that the program could not read a file, through no fault that it could name; it is deleted."""
    _end(row, Carried.of(row.payload), Ended.BROKEN, at)


def forget_late(at: datetime) -> None:
    """Delete files that nobody took over in time, and those that no worker came to."""
    for row in queries.lock_late(at):
        _end(row, Carried.of(row.payload), Ended.FORGOTTEN, at)


def _waiting_for_a_word(row: Job) -> Carried:
    carried = Carried.of(row.payload)
    if carried.state(is_done=row.done_at is not None, is_held=False) is not State.LOOKED:
        raise AlreadyDone(_("Somebody has decided about this file already."))
    return carried


def _tell(carried: Carried, told: Told, wrong: WrongRows) -> None:
    carried.figures, carried.remarks = dict(told.figures), told.remarks
    carried.wrong, carried.first, carried.untold = wrong.number, wrong.first, wrong.untold


def _end(row: Job, carried: Carried, ended: Ended, at: datetime) -> None:
    """End the way of a file: what it says is kept nowhere but where it was taken over."""
    outbox.enqueue(FORGET, at=at, key=carried.key)
    carried.ended, carried.key, carried.wishes = ended, "", {}
    if ended is not Ended.REFUSED:
        carried.first = []
    row.payload, row.done_at, row.failed_at, row.lease_until = carried.written(), at, None, None
    db.session.flush()


def _named(what: What) -> dict[str, Any]:
    return {"imported": [None, what.value]}
