"""What the worker does for the clocks of all cases: pauses end, suspensions are counted, late ones escalate.

Each round takes a bounded number of cases, chosen by an index of what is due. Any number of workers may do so
at once: a case is locked by one of them, and each step has a row whose key lets it be taken once.
"""

from collections.abc import Sequence
from datetime import datetime

from cps.cases.clock_models import Escalation
from cps.cases.models import Case
from cps.cases.queries import clock as queries
from cps.cases.rules.escalation import EscalationStep, Watched, due_steps
from cps.cases.services import clock
from cps.core import outbox
from cps.core.db import db
from cps.core.upsert import insert_into
from cps.departments import queries as departments

AT_ONCE = 50
"""Cases of one transaction."""


def end_pauses(at: datetime) -> int:
    """Let the clocks go on whose pause is over; returns how many."""
    cases = queries.lock_paused_until(at, limit=AT_ONCE)
    for case in cases:
        clock.resume(case, at)
        case.updated_at = at
    return len(cases)


def count_suspensions(at: datetime) -> int:
    """Let open cases know of suspensions that were entered after their due date was set; returns how many."""
    newest = departments.newest_suspension()
    cases = queries.lock_behind(newest, limit=AT_ONCE) if newest else []
    for case in cases:
        clock.catch_up(case, at)
    return len(cases)


def escalate(at: datetime) -> int:
    """Take the steps whose time has come, each once for each date; returns how many cases it looked at."""
    cases = queries.lock_alarmed(at, limit=AT_ONCE)
    if cases:
        settings, calendar = clock.settings(), clock.calendar().now
        for case in cases:
            if case.clock_started_at is None:
                clock.look_again(case, None)
                continue
            watched = _watched(case, case.clock_started_at)
            steps, again = due_steps(watched, at, settings, calendar)
            _take(case, steps, at)
            clock.look_again(case, again)
    return len(cases)


def _watched(case: Case, started_at: datetime) -> Watched:
    return Watched(started_at, case.due_at, case.acknowledge_by, case.acknowledged_at, case.pause_ends_at)


def _take(case: Case, steps: Sequence[EscalationStep], at: datetime) -> None:
    for step in steps:
        about = _about(case, step)
        row = {"case_id": case.id, "step": step, "due_at": about, "at": at}
        inserted = insert_into(Escalation).values(row).on_conflict_do_nothing().returning(Escalation.case_id)
        if db.session.execute(inserted).first() is not None:
            outbox.state(
                outbox.Fact.CASE_ESCALATED, case.id, at=at, step=step.value, due_at=about.isoformat()
            )


def _about(case: Case, step: EscalationStep) -> datetime:
    """Return the date that a step is about: an extension starts the others anew, but nobody looks twice."""
    if step is EscalationStep.UNSEEN and case.acknowledge_by is not None:
        return case.acknowledge_by
    return case.due_at
