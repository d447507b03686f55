"""What the worker does with files that administrators bring in: it reads for long, and writes all at once.

A file is read outside of any write transaction. What it brings is written in one, together with the note
that it is done: a worker that is killed leaves nothing behind, and the next one begins the file anew.
"""

import logging
from datetime import datetime

from sqlalchemy.exc import OperationalError

from cps.admin.imports import queries, services
from cps.admin.imports.opened import Opened
from cps.admin.imports.rules import Carried, Step
from cps.core import city as cities
from cps.core import clock, leases
from cps.core.db import db, transaction
from cps.core.document import BadDocument
from cps.core.errors import CpsError
from cps.core.i18n import current_language, use_language
from cps.core.i18n import gettext as _
from cps.core.leases import Turn
from cps.core.models import Job
from cps.core.wrong_rows import MOST_TOLD, WrongRows

log = logging.getLogger(__name__)

_IS_OURS = Job.kind == queries.KIND


def bring_in(turn: Turn) -> int:
    """Look at files, or take them over, until the turn is over; returns how many were tried."""
    done = 0
    while not turn.is_over() and (claimed := leases.claim(Job, turn.owner, _IS_OURS, limit=1)):
        _work_or_postpone(claimed[0], turn.owner)
        done += 1
    return done


def _work_or_postpone(file_id: int, owner: str) -> None:
    language = current_language()
    try:
        _work(file_id, owner)
    except OperationalError as error:  # the database was busy, which is no fault of the file
        leases.postpone(Job, file_id, owner, type(error).__name__)
    except Exception as error:
        log.exception("an import failed", extra={"row": file_id})
        _give_up_or_postpone(file_id, owner, type(error).__name__)
    finally:
        use_language(language)


def _give_up_or_postpone(file_id: int, owner: str, why: str) -> None:
    with transaction():
        row = leases.still_ours(Job, file_id, owner)
        if row is not None and services.is_last_try(row):
            services.give_up(row, at=clock.now())
    leases.postpone(Job, file_id, owner, why)


def _work(file_id: int, owner: str) -> None:
    from cps.admin.imports.opening import opened  # heavy, and nothing that a web process does

    db.session.rollback()
    carried = Carried.of(db.session.get_one(Job, file_id).payload)
    use_language(carried.language)
    at = clock.now()
    try:
        with opened(carried, cities.get(), at) as found:
            if carried.step is Step.LOOK:
                _look(file_id, owner, found, at)
            else:
                _take(file_id, owner, carried, found, at)
    except BadDocument as bad:
        _refuse(file_id, owner, bad.faults[:MOST_TOLD])
    except CpsError as refused:
        _refuse(file_id, owner, [refused.message])


def _look(file_id: int, owner: str, found: Opened, at: datetime) -> None:
    """Note what a file would do; nothing else is written."""
    if not found.right:
        _refuse(file_id, owner, [_("No row of the file can be taken over.")], found.wrong)
        return
    told = found.compare()
    with transaction():
        row = leases.still_ours(Job, file_id, owner)
        if row is not None:
            services.note_look(row, told, found.wrong, at=at)


def _take(file_id: int, owner: str, carried: Carried, found: Opened, at: datetime) -> None:
    """Write all that a file brings, if this worker is still the one to do it."""
    if found.wrong.number and not carried.skips:
        _refuse(file_id, owner, [_("Rows are wrong now that were right when you looked.")], found.wrong)
        return
    with transaction():
        queries.lock_all()
        if leases.still_ours(Job, file_id, owner) is None or carried.taken_by is None:
            return
        told = found.load(carried.taken_by, at)
        row = leases.still_ours(Job, file_id, owner)  # what loads much lets go of what it knew before
        if row is None:
            raise RuntimeError("the row of a file is gone")
        services.note_taken(row, told, found.wrong, at=at)


def _refuse(file_id: int, owner: str, problems: list[str], wrong: WrongRows | None = None) -> None:
    with transaction():
        row = leases.still_ours(Job, file_id, owner)
        if row is not None:
            services.note_refused(row, problems, wrong, at=clock.now())
