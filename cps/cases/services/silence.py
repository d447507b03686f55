"""The alarm of an inbox that nobody looks at: who looked when, and whom its silence is told to, once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from cps.cases.handoff_models import InboxLook
from cps.cases.queries.handing import Untouched, unopened
from cps.cases.services import clock
from cps.core import outbox
from cps.core.db import db
from cps.core.upsert import insert_into
from cps.departments.calendar import NoWorkingTime


def note_look(departments: Iterable[int], *, at: datetime) -> None:
    """Keep that somebody of these departments looked at their new cases; a silence that was told is over."""
    rows = [{"department_id": one, "looked_at": at, "alarmed_at": None} for one in sorted(departments)]
    if not rows:
        return
    seen = insert_into(InboxLook).values(rows)
    changes = {"looked_at": seen.excluded.looked_at, "alarmed_at": None}
    db.session.execute(seen.on_conflict_do_update(index_elements=["department_id"], set_=changes))


def silent(at: datetime) -> list[Untouched]:
    """Return the departments that are silent: new cases lie unopened for the set number of working hours."""
    found = unopened()
    if not found:
        return []
    hours, calendar = clock.settings().silent_hours, clock.calendar().now
    try:
        return [one for one in found if calendar.add_working_hours(one.since, hours) <= at]
    except NoWorkingTime:
        return []


def tell_silence(at: datetime) -> int:
    """State each silence that was not told yet, also with two workers only once; returns how many."""
    told = 0
    for one in silent(at):
        if not one.is_told and _is_first(one.department_id, at):
            since = one.since.isoformat()
            outbox.state(outbox.Fact.INBOX_SILENT, one.department_id, at=at, since=since)
            told += 1
    return told


def _is_first(department_id: int, at: datetime) -> bool:
    """Take the alarm of a department; False where it was taken before."""
    new = insert_into(InboxLook).values(department_id=department_id, looked_at=None, alarmed_at=None)
    db.session.execute(new.on_conflict_do_nothing())
    mine = (
        update(InboxLook)
        .where(InboxLook.department_id == department_id, InboxLook.alarmed_at.is_(None))
        .values(alarmed_at=at)
        .execution_options(synchronize_session=False)
        .returning(InboxLook.department_id)
    )
    return db.session.execute(mine).first() is not None
