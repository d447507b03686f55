"""Writes on cases that go to other systems: into the line, sent, followed, laid aside or left."""

from datetime import datetime

from cps.accounts.models import Account
from cps.cases import services as cases
from cps.cases.models import Case
from cps.cases.rules import Turn
from cps.core import audit
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.leases import still_ours
from cps.core.upsert import insert_into
from cps.open311.outgoing import queries
from cps.open311.outgoing.belonging import (
    goes_again,
    is_sendable,
    is_worked,
    may_go_back,
    service_for,
    why_not_followed,
)
from cps.open311.outgoing.models import SentCase
from cps.open311.outgoing.rules import (
    FIRST_LOOK,
    FOLLOWED_AFTER_END,
    MOST_TOLD,
    Ending,
    News,
    Stage,
    There,
    news,
    next_look,
)
from cps.open311.outgoing.telling import flag, note_new_number, tell

COMES_BACK = frozenset({Ending.ELSEWHERE, Ending.NOT_PUBLIC, Ending.NO_ROUTE, Ending.DONE})
"""After these endings a case that comes again is gone on with."""


def put_in_line(case_id: int, *, at: datetime) -> None:
    """Let a case that came to a department go to its system, and end what it left elsewhere."""
    case = queries.case_as_it_stands(case_id)
    if case is None:
        return
    rows = queries.rows_of(case.id)
    for row in rows:
        if row.done_at is None and why_not_followed(row, case) is Ending.ELSEWHERE:
            _end(row, Ending.ELSEWHERE, at)
    system = queries.system_of(case.department_id)
    if system is None or not system.is_on:
        return
    known = next((row for row in rows if row.system_id == system.id), None)
    if known is not None:
        _go_on(known, case, at)
    elif is_sendable(case) and service_for(system, case):
        new = {
            "case_id": case.id,
            "system_id": system.id,
            "stage": Stage.WAITING,
            "asked_at": at,
            "run_at": at,
        }
        db.session.execute(insert_into(SentCase).values(new).on_conflict_do_nothing())
    db.session.flush()


def go_on(case_id: int, *, at: datetime) -> None:
    """Let a case that is open again go on at the system that has it.

    What was done there before it was opened again here is filed there anew, for the standard knows no way to
    open a service request again. Nothing is while nobody here has looked at what the reporter says.
    """
    case = queries.case_as_it_stands(case_id)
    system = queries.system_of(case.department_id) if case is not None else None
    if case is None or system is None or not (system.is_on and is_worked(case)):
        return
    for row in queries.rows_of(case_id):
        if row.system_id == system.id:
            _go_on(row, case, at)
    db.session.flush()


def send_back(row: SentCase, case: Case, *, why: str, language: str = "", by: Account, at: datetime) -> None:
    """Send a locked case there anew of which it is said that it is done, with a public reason why it is not.

    Raises RuleViolation where it is not done there any more, or does not go there.
    """
    if not may_go_back(row, case, at=at):
        raise RuleViolation(_("This case cannot be sent back any more. Look at it as it stands now."))
    cases.update(case, by=by, at=at, message=why, language=language, turn=Turn.SYSTEM_SENT_BACK)
    _wait_again(row, at)
    changes = {"system": [None, row.system_id], "number": [row.number, None]}
    audit.record("send-back-to-system", about=("case", case.reference), by=by.id, at=at, changes=changes)
    db.session.flush()


def mark_sent(key: int, owner: str, case: Case, found: tuple[str, str], *, at: datetime) -> None:
    """Keep what a locked case is called there, or by which token it is asked until it has a number."""
    row = still_ours(SentCase, key, owner)
    if row is None:
        return
    before, (row.number, row.token) = row.number, found
    row.stage = Stage.OPEN if row.number else Stage.TAKEN
    row.sent_at = row.heard_at = row.changed_at = at
    _again(row, at + FIRST_LOOK)
    changes = {"system": [None, row.system_id], "number": [before or None, row.number or row.token]}
    audit.record("send-to-system", about=("case", case.reference), by=None, at=at, changes=changes)
    if before:
        row.notes = ""
        note_new_number(case, before, row.number or row.token, at=at)
    db.session.flush()


def mark_number(key: int, owner: str, number: str, *, at: datetime) -> None:
    """Keep the number that a token has got."""
    row = still_ours(SentCase, key, owner)
    if row is not None:
        row.number, row.stage = number, Stage.OPEN
        row.sent_at = row.heard_at = row.changed_at = at
        _again(row, at)
        db.session.flush()


def mark_looked(key: int, owner: str, case: Case, there: There, *, city: CityFacts, at: datetime) -> News:
    """Keep what is said of a locked case, tell what is new of it, and return what that was."""
    row = still_ours(SentCase, key, owner)
    if row is None:
        return News.NOTHING
    if (why := why_not_followed(row, case)) is not None:
        _end(row, why, at)
        return News.NOTHING
    is_first = row.heard_at == row.sent_at
    what = news(row.stage, row.notes, there, told_at=row.told_at, is_first=is_first, at=at)
    if what is not News.NOTHING:
        _tell(row, case, what, there, city, at)
    if what is not News.NOTHING or is_first:
        row.notes = there.notes
    row.stage, row.heard_at = Stage.CLOSED if there.is_closed else Stage.OPEN, at
    _again(row, next_look(is_closed=there.is_closed, sent_at=row.sent_at or at, at=at))
    if case.closed_at is not None and case.closed_at + FOLLOWED_AFTER_END <= at:
        _end(row, Ending.DONE, at)
    db.session.flush()
    return what


def end(key: int, owner: str, why: Ending, *, at: datetime) -> None:
    """Follow a case no more."""
    row = still_ours(SentCase, key, owner)
    if row is not None:
        _end(row, why, at)


def put_off(key: int, owner: str, until: datetime, *, at: datetime) -> None:
    """Ask about a case later: it was answered, but not yet with what we wait for."""
    row = still_ours(SentCase, key, owner)
    if row is not None:
        row.heard_at = at
        _again(row, until)
        db.session.flush()


def try_again(row: SentCase, *, by: int, at: datetime) -> None:
    """Let what failed be tried again from the beginning. Raises RuleViolation where nothing failed."""
    _check_failed(row)
    row.failed_at, row.last_error = None, ""
    row.attempts, row.run_at, row.lease_until = 0, at, None
    _trace_case("send-again", row, by=by, at=at)


def leave(row: SentCase, *, by: int, at: datetime) -> None:
    """Leave what failed to the department, which works on it here. Raises RuleViolation as `try_again`."""
    _check_failed(row)
    _end(row, Ending.DROPPED, at)
    _trace_case("drop-from-system", row, by=by, at=at)


def _check_failed(row: SentCase) -> None:
    if row.failed_at is None:
        raise RuleViolation(_("This case does not wait here any more."))


def _go_on(row: SentCase, case: Case, at: datetime) -> None:
    """Follow a case again; what was done there is filed anew, and a look under way comes to nothing."""
    if row.ending in COMES_BACK:
        row.done_at = row.ending = row.failed_at = None
        row.run_at, row.attempts, row.last_error = at, 0, ""
    if row.done_at is None and is_worked(case) and goes_again(row, case, at=at):
        _wait_again(row, at)


def _wait_again(row: SentCase, at: datetime) -> None:
    row.stage, row.failed_at, row.lease_owner = Stage.WAITING, None, ""
    _again(row, at)


def _tell(row: SentCase, case: Case, what: News, there: There, city: CityFacts, at: datetime) -> None:
    if what is not News.SAID:
        row.changed_at = at
    if row.told >= MOST_TOLD:
        flag(case, what)
        return
    row.told, row.told_at = row.told + 1, at
    tell(case, what, there.notes, city=city, at=at)


def _again(row: SentCase, at: datetime) -> None:
    row.run_at, row.attempts, row.lease_until, row.last_error = at, 0, None, ""


def _end(row: SentCase, why: Ending, at: datetime) -> None:
    row.done_at, row.ending, row.lease_until, row.failed_at = at, why, None, None
    db.session.flush()


def _trace_case(act: str, row: SentCase, *, by: int, at: datetime) -> None:
    changes = {"system": [None, row.system_id]}
    reference = queries.references([row.id])[row.id]
    audit.record(act, about=("case", reference), by=by, at=at, changes=changes)
    db.session.flush()
