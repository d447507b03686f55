"""The answer clock at work: it starts, waits for the resident, is prolonged, and learns of suspensions.

Every function takes a case that was loaded and locked in the running transaction
(`queries.lock_case`). A due date is moved at one place only, `move_due`, which leaves the row that says why.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from cps.cases import queries
from cps.cases.clock_models import DueChange
from cps.cases.models import Case
from cps.cases.queries import seconding
from cps.cases.rules import CLOSED, DECIDED, OPEN, Status
from cps.cases.rules import clock as rules
from cps.cases.rules.clock import ClockSettings, Running, Standing
from cps.core import city as cities
from cps.core.db import db
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.departments.models import Category
from cps.departments.rules import TimeUnit
from cps.departments.services import due_at
from cps.departments.suspensions import CityCalendar


def settings() -> ClockSettings:
    """Return what the city chose for its clock."""
    return rules.settings_from(cities.get().settings.get(rules.SETTING))


def calendar() -> CityCalendar:
    """Return the working calendar of the city, with every suspension of work."""
    return departments.city_calendar(cities.get().zone)


@dataclass(frozen=True, slots=True)
class FirstTimes:
    """The columns of the clock with which a case begins."""

    clock_started_at: datetime
    runs_all_hours: bool
    acknowledge_by: datetime
    promised_at: datetime
    due_at: datetime
    suspensions_seen: int
    alarm_at: datetime


def first_times(
    category: Category | KnownCategory, received: datetime, known: CityCalendar, *, is_urgent: bool
) -> FirstTimes:
    """Return the clock of a complaint that came at `received`, promised by its category."""
    now = known.now
    due = due_at(category, received, now)
    hours = rules.acknowledge_hours(settings(), category.acknowledge_hours, is_urgent=is_urgent)
    return FirstTimes(
        clock_started_at=received,
        runs_all_hours=category.service_time_unit is TimeUnit.HOURS,
        acknowledge_by=now.add_working_hours(received, hours),
        promised_at=due,
        due_at=due,
        suspensions_seen=known.newest,
        alarm_at=received,
    )


def start_clock(case: Case, working_days: int, *, at: datetime) -> None:
    """Start the clock of a proposal: an answer is due at the end of so many working days after `at`.

    From then on its promise is fixed. Does nothing where the clock runs already.
    """
    if case.clock_started_at is not None:
        return
    known = calendar()
    case.promised_at = case.due_at = known.now.add_working_days(at, working_days)
    case.clock_started_at = case.alarm_at = at
    case.suspensions_seen = known.newest
    db.session.flush()


def standing(case: Case, *, request_waits: bool = False) -> Standing:
    """Return where the clock of a case stands, as its rules ask."""
    return Standing(
        status=case.status,
        has_started=case.clock_started_at is not None,
        due_at=case.due_at,
        extensions=case.extensions,
        is_paused=case.paused_at is not None,
        pause_used=case.pause_used,
        request_waits=request_waits,
    )


def follow(case: Case, to: Status, at: datetime) -> None:
    """Let the clock follow a case that is about to stand in another status.

    The first wait for the resident stops it, every other move lets it go on. Of an end it keeps the first
    answer and the one that stands; a reopened case keeps its date, and that it was reopened is counted.
    """
    if case.status in OPEN:
        catch_up(case, at)
    if to is not Status.WAITING_RESIDENT and case.paused_at is not None:
        resume(case, at)
    elif rules.begins_pause(standing(case), to, at):
        _pause(case, at)
    if to in CLOSED and case.closed_at is None:
        _close(case, to, at)
    elif to in OPEN and case.status in CLOSED:
        _reopen(case, at)


def _close(case: Case, to: Status, at: datetime) -> None:
    request = queries.waiting_request(case.id)
    if request is not None:
        request.decided_at, request.is_granted = at, False
    drop_end(case, at)
    case.closed_at = at
    if case.answered_at is None and to in DECIDED:
        case.answered_at = at


def drop_end(case: Case, at: datetime) -> None:
    """Let no end wait for a second pair of eyes: the case has one, or is somebody else's to end."""
    second = seconding.waiting_closing(case.id)
    if second is not None:
        second.decided_at, second.is_granted = at, False
        db.session.flush()


def _reopen(case: Case, at: datetime) -> None:
    """Open a case again under its old date; what was suspended while it was closed gave it no time."""
    case.suspensions_seen = departments.newest_suspension()
    case.closed_at = None
    case.reopened += 1
    case.alarm_at = at


def _pause(case: Case, at: datetime) -> None:
    end = rules.pause_end(calendar().now, at)
    case.paused_at, case.pause_ends_at, case.pause_used = at, end, True


def resume(case: Case, at: datetime) -> None:
    """Let a paused clock go on: the due date moves by the working time that the city waited.

    More than ten working days are not counted. Does nothing where the clock is not paused.
    """
    if case.paused_at is None or case.pause_ends_at is None:
        return
    catch_up(case, at)
    start, end = case.paused_at, max(case.paused_at, min(at, case.pause_ends_at))
    due = rules.after_pause(case.due_at, start, end, calendar().now, all_hours=case.runs_all_hours)
    change = DueChange(case_id=case.id, key="pause", before=case.due_at, after=due, at=at,
                       paused_from=start, paused_until=end)  # fmt: skip
    case.paused_at = case.pause_ends_at = None
    move_due(case, change)


def catch_up(case: Case, at: datetime) -> bool:
    """Add to the due date of a case what suspensions of work took that it does not know of yet.

    Each is counted once, whoever comes first: the worker or an act on the case. Returns whether it moved.
    """
    if case.suspensions_seen >= departments.newest_suspension():
        return False
    known = calendar()
    before, newest = case.suspensions_seen, known.newest
    _note(case, suspensions_seen=newest)
    if case.clock_started_at is None or case.runs_all_hours:
        return False
    running = Running(case.clock_started_at, case.due_at, case.promised_at, _past_pause(case))
    due = rules.after_suspensions(running, known.as_of(before), known.now)
    if due == case.due_at:
        return False
    change = DueChange(case_id=case.id, key=f"suspension:{newest}", before=case.due_at, after=due, at=at,
                       suspension_id=newest)  # fmt: skip
    move_due(case, change)
    case.updated_at = at
    return True


def look_again(case: Case, at: datetime | None) -> None:
    """Note when the worker looks at a case next."""
    _note(case, alarm_at=at)


def _note(case: Case, **values: object) -> None:
    """Write what only the clock reads without a new version: what officers have open stays as they saw it."""
    statement = update(Case).where(Case.id == case.id).values(values)
    db.session.execute(statement.execution_options(synchronize_session=False))
    for name, value in values.items():
        set_committed_value(case, name, value)


def _past_pause(case: Case) -> tuple[datetime, datetime] | None:
    if not case.pause_used:
        return None
    for change in queries.due_changes(case.id):
        if change.paused_from is not None and change.paused_until is not None:
            return change.paused_from, change.paused_until
    return None


def move_due(case: Case, change: DueChange) -> None:
    """Move the due date as the row says; the database refuses a move without its row."""
    db.session.add(change)
    db.session.flush()
    case.due_at = change.after
    case.alarm_at = change.at
    db.session.flush()
