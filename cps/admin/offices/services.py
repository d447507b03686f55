"""Closing a department: another one takes over what is open, by and by."""

from datetime import datetime

from cps.admin.offices import queries
from cps.cases.queries import assigned
from cps.cases.services import handing
from cps.core import outbox
from cps.core.db import db
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.models import Job
from cps.departments import queries as departments
from cps.departments import services as own
from cps.departments.models import Department

TAKE_OVER = "take-over-cases"
AT_ONCE = 50
"""So many cases change hands in one transaction."""


def lock(department_id: int) -> Department:
    """Return a department, locked; raises NotVisible."""
    row = queries.lock_department(department_id)
    if row is None:
        raise NotVisible(_("There is no such department."))
    return row


def close(department_id: int, successor: str, *, by: int, at: datetime) -> None:
    """Close a department; `successor` is the code of the one that takes over, "" where nobody has to.

    Raises RuleViolation where something would be left without a department.
    """
    row = lock(department_id)
    found = departments.department_by_code(successor) if successor else None
    if found is None and assigned.count_open(row.id):
        raise RuleViolation(_("It has open cases. Say who takes them over."))
    own.close_department(row, found, by=by, at=at)
    if found is not None:
        outbox.enqueue(TAKE_OVER, at=at, department_id=row.id, by=by)


def take_over(department_id: int, *, by: int | None, at: datetime) -> bool:
    """Let some open cases of a closed department go to the one that took over; True where more wait."""
    row = db.session.get(Department, department_id)
    if row is None or row.is_active or row.successor_id is None:
        return False
    to = _in_use(row)
    cases = assigned.lock_open(department_id, limit=AT_ONCE) if to is not None else ()
    for case in cases:
        handing.take_over(case, to.id if to else department_id, by=by, at=at)
    db.session.flush()
    return len(cases) == AT_ONCE


def go_on_taking_over(job: Job, *, at: datetime) -> None:
    """Do a piece of a job, and ask for the next one."""
    department_id, by = job.payload["department_id"], job.payload["by"]
    if take_over(department_id, by=by, at=at):
        outbox.enqueue(TAKE_OVER, at=at, department_id=department_id, by=by)


def take_over_late_ones(at: datetime) -> bool:
    """Let what came to a closed department since then go on, too; True where more wait."""
    return any(take_over(row.id, by=None, at=at) for row in queries.closed_with_successor())


def _in_use(row: Department) -> Department | None:
    """Return who takes over in the end: where the successor was closed as well, its own."""
    seen = {row.id}
    while not row.is_active:
        if row.successor_id is None or row.successor_id in seen:
            return None
        seen.add(row.successor_id)
        row = db.session.get_one(Department, row.successor_id)
    return row
