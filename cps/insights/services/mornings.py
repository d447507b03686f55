"""The morning report: who gets it, and calling for it at seven."""

from datetime import datetime, time, timedelta

from sqlalchemy import delete

from cps.accounts.models import Account
from cps.core import audit, outbox
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.upsert import insert_into
from cps.departments import queries as departments
from cps.departments.calendar import NoWorkingTime, WorkingCalendar
from cps.insights.models import MorningReader, MorningStop

AT = time(7)
LOOKS_AHEAD = timedelta(hours=26)
"""How early a report is called for; the worker looks every hour, and may have been still for a while."""


def call_for_report(city: CityFacts, at: datetime) -> None:
    """State that a report is due at seven of the next working day, once for each day."""
    calendar = departments.working_calendar(city.zone)
    due = next_morning(calendar, at)
    if due is None or due - at > LOOKS_AHEAD:
        return
    day = due.astimezone(city.zone).date().isoformat()
    outbox.state_once(outbox.Fact.MORNING_DUE, 1, dedupe_key=day, at=at, not_before=due, day=day)


def next_morning(calendar: WorkingCalendar, at: datetime) -> datetime | None:
    """Return the next seven o'clock of a day on which the city works; None where it never does."""
    local = at.astimezone(calendar.zone)
    day = local.date() if local.time() < AT else local.date() + timedelta(days=1)
    try:
        opening = calendar.next_opening(datetime.combine(day, time(), calendar.zone))
    except NoWorkingTime:
        return None
    return datetime.combine(opening.astimezone(calendar.zone).date(), AT, calendar.zone)


def add_reader(email: str, language: str, *, by: Account, at: datetime) -> None:
    """Let an address, a normal one, get the report of all departments; it may get it already."""
    values = {"email": email, "language": language, "added_by_id": by.id, "added_at": at}
    db.session.execute(insert_into(MorningReader).values(values).on_conflict_do_nothing())
    audit.record("add-morning-reader", about=("city", 1), by=by.id, at=at)


def remove_reader(key: int, *, by: int | None, at: datetime) -> None:
    """Send an address no more reports; without `by` it is the reader's own wish. Already gone is fine."""
    gone = delete(MorningReader).where(MorningReader.id == key).returning(MorningReader.id)
    if db.session.execute(gone.execution_options(synchronize_session=False)).first() is None:
        return
    audit.record("remove-morning-reader", about=("city", 1), by=by, at=at)


def stop_reports(account_id: int, *, at: datetime) -> None:
    """Send a supervisor no more reports by mail; the page stays open to them. Already stopped is fine."""
    stop = insert_into(MorningStop).values(account_id=account_id, at=at)
    db.session.execute(stop.on_conflict_do_nothing())


def start_reports(account_id: int) -> None:
    """Send a supervisor the report by mail again."""
    db.session.execute(
        delete(MorningStop)
        .where(MorningStop.account_id == account_id)
        .execution_options(synchronize_session=False)
    )
