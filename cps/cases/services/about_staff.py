"""Handing a case that turns out to be about staff or corruption to the integrity officers.

Every function takes a case that was loaded and locked in the running transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete

from cps.accounts.models import Account
from cps.cases import queries
from cps.cases.integrity_models import IntegrityBar, IntegrityReport
from cps.cases.models import Case, CaseNotice
from cps.cases.queries import integrity
from cps.cases.rules import (
    CLOSED,
    Audience,
    CaseKind,
    EventKind,
    MoveRefused,
    Refusal,
    Status,
    TransferAnswer,
    Turn,
)
from cps.cases.services import clock
from cps.cases.services.handing import end_waiting
from cps.cases.services.integrity import About, bar_named, report_to_change
from cps.cases.services.steps import acknowledge, trace
from cps.cases.services.story import record
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments.catalogue import KnownCategory

OFF_NOTICE: Final = "off_notice"
"""In the data of the note: the notice under which the case hung until then."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a case is about staff: its new category, whom it names, the reason that integrity officers read."""

    category: KnownCategory
    about: About
    reason: str
    language: str = ""


def make_about_staff(case: Case, found: Finding, *, by: Account, at: datetime) -> None:
    """Let nobody but integrity officers, and its reporter, read a complaint from now on.

    It leaves its department, its officer and its notice, and is private for ever. Its reporter is told,
    without the reason. Raises RuleViolation where other cases are joined to it, and where no integrity
    officer would be left who may read it.
    """
    if case.is_integrity or case.kind is not CaseKind.COMPLAINT or case.status in CLOSED:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    if not found.reason.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    if not found.category.is_integrity:
        raise RuleViolation(_("Choose a category about staff or corruption."))
    if integrity.has_joined(case.id):
        raise RuleViolation(_("Other cases are joined to this one. Undo that first."))
    end_waiting(case, TransferAnswer.TAKEN_BACK, by=by, at=at)
    clock.drop_end(case, at)
    before = {"category_id": case.category_id, "department_id": case.department_id}
    case.category_id, case.department_id = found.category.id, found.category.department_id
    case.is_integrity = case.is_private = True
    case.assignee_id = None
    _name(case, found.about, at)
    _begin_anew(case, at)
    _tell(case, found, by, at)
    changes = {name: [old, getattr(case, name)] for name, old in before.items()}
    trace(case, "hand-to-integrity-officers", by, at, {**changes, "is_integrity": [False, True]})


def _name(case: Case, about: About, at: datetime) -> None:
    """Keep whom it names, who then never sees it; what was known of it from an earlier time stays."""
    report = report_to_change(case)
    report.released_at = report.released_by_id = None
    report.about_department_id = about.department_id or report.about_department_id
    report.about_person = about.person or report.about_person
    db.session.flush()
    bar_named(case, report.about_person, at=at)
    if not integrity.handlers_of(case.id):
        raise RuleViolation(_("No integrity officer could read it then. Ask an administrator."))


def _begin_anew(case: Case, at: datetime) -> None:
    """Let it lie at its new desk as something that nobody has begun with; the clock runs on."""
    if case.status is not Status.RECEIVED:
        clock.follow(case, Status.TRIAGED, at)
        case.status = Status.TRIAGED
    acknowledge(case, at)


def _tell(case: Case, found: Finding, by: Account, at: datetime) -> None:
    """Leave the reason for the integrity officers, and tell the reporter who has the case now."""
    hung = db.session.get(CaseNotice, case.id)
    data = {OFF_NOTICE: hung.notice_id} if hung is not None else {}
    if hung is not None:
        db.session.delete(hung)
    record(case, EventKind.NOTED, by=by.id, at=at, message=found.reason, language=found.language,
           audience=Audience.STAFF, data=data)  # fmt: skip
    record(case, EventKind.TRANSFERRED, by=by.id, at=at, audience=Audience.REPORTER, status=case.status,
           data={"turn": Turn.ABOUT_STAFF.value})  # fmt: skip


def take_back(case: Case, event_ids: Sequence[int], *, by: Account, at: datetime) -> None:
    """Forget whom it named, and hang it under its notice again; undoing does the rest."""
    for table in (IntegrityBar, IntegrityReport):
        gone = delete(table).where(table.case_id == case.id)
        db.session.execute(gone.execution_options(synchronize_session=False))
    for event in queries.events_of(event_ids):
        if notice_id := event.data.get(OFF_NOTICE):
            db.session.add(CaseNotice(case_id=case.id, notice_id=notice_id, by_id=by.id, at=at))
