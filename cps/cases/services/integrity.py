"""Complaints about staff: whom they name, who never sees them, how one becomes an ordinary case.

Every function on a case takes one that was loaded and locked in the running transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases.closing_models import ClosingRequest
from cps.cases.integrity_models import IntegrityBar, IntegrityReader, IntegrityReport
from cps.cases.models import Case
from cps.cases.queries import integrity as queries
from cps.cases.queries import voice
from cps.cases.rules import CLOSED, EventKind, MoveRefused, Refusal, Status, Turn
from cps.cases.rules.integrity import is_named
from cps.cases.services import clock
from cps.cases.services.forgetting import forget_originals
from cps.cases.services.steps import acknowledge, trace
from cps.cases.services.story import record
from cps.core import audit
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments.catalogue import KnownCategory

SLOTS = (1, 2)
LONGEST_PERSON = 200


@dataclass(frozen=True, slots=True)
class About:
    """Whom a complaint about staff names, as far as its reporter said: a department, a person in words."""

    department_id: int | None = None
    person: str = ""


NOBODY = About()


def keep_about(case: Case, about: About, *, at: datetime) -> None:
    """Keep whom a new complaint names; an integrity officer who is named never sees it."""
    if not (about.department_id or about.person):
        return
    person = about.person[:LONGEST_PERSON]
    db.session.add(
        IntegrityReport(case_id=case.id, about_department_id=about.department_id, about_person=person)
    )
    bar_named(case, person, at=at)


def bar_named(case: Case, person: str, *, at: datetime) -> None:
    """Let no integrity officer see a case whom these words name."""
    barred = queries.bars_of(case.id)
    db.session.add_all(
        IntegrityBar(case_id=case.id, account_id=officer.id, by_id=None, at=at)
        for officer in queries.integrity_officers()
        if officer.id not in barred and is_named(person, name=officer.display_name, email=officer.email)
    )
    db.session.flush()


def set_about(case: Case, about: About, barred: Collection[int], *, by: Account, at: datetime) -> None:
    """Correct whom a complaint names, and which integrity officers never see it from now on.

    Raises RuleViolation where nobody would be left who may read it.
    """
    _check_handles(case, by)
    report, before = report_to_change(case), queries.bars_of(case.id)
    officers = {one.id for one in queries.integrity_officers()}
    barred = set(barred) | (before - officers)  # who has lost the role may get it back
    department_before, person_before = report.about_department_id, report.about_person
    report.about_department_id, report.about_person = about.department_id, about.person[:LONGEST_PERSON]
    gone = delete(IntegrityBar).where(IntegrityBar.case_id == case.id, IntegrityBar.account_id.not_in(barred))
    db.session.execute(gone)
    db.session.add_all(
        IntegrityBar(case_id=case.id, account_id=one, by_id=by.id, at=at) for one in barred - before
    )
    db.session.flush()
    handlers = queries.handlers_of(case.id)
    if not handlers:
        raise RuleViolation(_("Nobody would be left who may read it. Leave at least one integrity officer."))
    if case.assignee_id is not None and case.assignee_id not in handlers:
        case.assignee_id = None
    case.updated_at = at
    changes = {
        "about_department_id": [department_before, about.department_id],
        "barred": [sorted(before), sorted(barred)],
        **({"about_person": []} if person_before != report.about_person else {}),
    }
    trace(case, "name-in-integrity-case", by, at, changes)


def make_ordinary(
    case: Case, category: KnownCategory, *, by: Account, at: datetime, reason: str, language: str = ""
) -> None:
    """Give a complaint that is not about staff to the department of a category; its reporter reads why.

    It stays private. What was written until now stays unread there, who reported it too, and numbers in its
    words stay masked. Raises RuleViolation where the department is the one named, and
    while nobody wrote down the voice note that stands for its words.
    """
    _check_handles(case, by)
    if case.status in CLOSED:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    if not reason.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    if category.is_integrity or category.kind.value != case.kind.value:
        raise RuleViolation(_("Choose a category of complaints that is not about staff."))
    report = report_to_change(case)
    if report.about_department_id == category.department_id:
        raise RuleViolation(_("It names the department that would get it. Choose another category."))
    note = voice.note_of(case.id)
    if note is not None and note.is_to_be_written_down:
        raise RuleViolation(_("Write down what the voice note says first: afterwards nobody can hear it."))
    before = {"category_id": case.category_id, "department_id": case.department_id}
    case.category_id, case.department_id = category.id, category.department_id
    case.is_integrity, case.assignee_id = False, None
    report.released_at, report.released_by_id = at, by.id
    forget_originals([case.id])
    db.session.execute(delete(ClosingRequest).where(ClosingRequest.case_id == case.id))
    if case.status is not Status.RECEIVED:
        clock.follow(case, Status.TRIAGED, at)
        case.status = Status.TRIAGED
    acknowledge(case, at)
    data = {"from": before["department_id"], "to": case.department_id, "turn": Turn.RELEASED.value}
    record(case, EventKind.TRANSFERRED, by=by.id, at=at, message=reason, language=language,
           status=case.status, data=data)  # fmt: skip
    changes = {name: [old, getattr(case, name)] for name, old in before.items()}
    trace(case, "make-case-ordinary", by, at, {**changes, "is_integrity": [True, False]})


def open_reporter(case: Case, *, by: Account, at: datetime, reason: str) -> None:
    """Record that one of the two named people opens who reported, and why.

    Raises RuleViolation without a reason; the caller has asked `Can.SEE_REPORTER`.
    """
    if not reason.strip():
        raise RuleViolation(_("Say why you need to know. Both people who may look read the reason."))
    audit.record_access(
        queries.REPORTER, by=by.id, at=at, subject_id=case.reporter_id, case_id=case.id, reason=reason
    )


def name_readers(chosen: Collection[Account], *, by: Account, at: datetime) -> None:
    """Name who may read who reported, two people at most; whoever was named and is not chosen is no more.

    Raises RuleViolation for somebody who does not handle such complaints, and for whoever names.
    """
    if len(chosen) > len(SLOTS):
        raise RuleViolation(_("Two people at most may read who reported."))
    for account in chosen:
        if account.id == by.id:
            raise RuleViolation(_("Nobody names themselves. Ask another administrator."))
        if Role.INTEGRITY_OFFICER not in account.roles or not account.is_active:
            raise RuleViolation(_("Choose people who are integrity officers."))
    rows = queries.lock_readers()
    before = {slot: row.account_id for slot, row in rows.items()}
    wanted = {account.id for account in chosen}
    for slot in [slot for slot, account_id in before.items() if account_id not in wanted]:
        db.session.delete(rows.pop(slot))
    db.session.flush()
    free = [slot for slot in SLOTS if slot not in rows]
    for slot, account_id in zip(free, sorted(wanted - set(before.values())), strict=False):
        db.session.add(IntegrityReader(slot=slot, account_id=account_id, named_by_id=by.id, named_at=at))
    db.session.flush()
    if wanted != set(before.values()):
        changes = {"readers": [sorted(before.values()), sorted(wanted)]}
        audit.record(
            "change-integrity-readers", about=("integrity-readers", 1), by=by.id, at=at, changes=changes
        )


def _check_handles(case: Case, by: Account) -> None:
    if not case.is_integrity or Role.INTEGRITY_OFFICER not in by.roles:
        raise RuleViolation(_("Only integrity officers do this, with complaints about staff or corruption."))


def report_to_change(case: Case) -> IntegrityReport:
    """Return whom the case names, with a row to change."""
    report = queries.report_of(case.id)
    if report is None:
        report = IntegrityReport(case_id=case.id)
        db.session.add(report)
        db.session.flush()
    return report
