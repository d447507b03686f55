"""How a case goes from department to department: handed over, accepted or refused, decided.

Every function takes a case that was loaded and locked in the running transaction
(`queries.lock_case`) and leaves an event and an audit row. The clock runs on throughout.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases import queries
from cps.cases.handoff_models import Transfer
from cps.cases.models import Case, CaseEvent
from cps.cases.queries import handing
from cps.cases.rules import (
    CLOSED,
    CaseKind,
    EventKind,
    HandOff,
    MoveRefused,
    Refusal,
    Status,
    TransferAnswer,
    Turn,
    hand_off,
)
from cps.cases.services import clock
from cps.cases.services.steps import acknowledge, trace
from cps.cases.services.story import hand_on, record
from cps.core import audit
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments import queries as departments
from cps.departments.models import Department


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a department says "not ours", and whose it is: a department, or somebody else in words."""

    reason: str
    language: str = ""
    names: Department | None = None
    whose: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """What the event of the refusal keeps besides its words."""
        names = {"names": self.names.id} if self.names is not None else {}
        return {"turn": Turn.REFUSED.value, **names, **({"whose": self.whose} if self.whose else {})}


def transfer(
    case: Case, department: Department, *, by: Account, at: datetime, reason: str, language: str = ""
) -> None:
    """Hand the case to another department, with a reason that everybody can read; the clock runs on.

    It waits there until the department accepts or refuses it. After two refusals it is a decision, made by
    triage or a supervisor, that cannot be refused. Raises RuleViolation where it may not go there.
    """
    if case.status in CLOSED:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    if not reason.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    if case.is_integrity:
        raise RuleViolation(_("Complaints about staff go to no department. Make it an ordinary case first."))
    if department.id == case.department_id:
        raise RuleViolation(_("This department has the case already."))
    stands = hand_off(handing.transfers_of(case.id))
    reach = queries.reach_of(by.id)
    is_own = case.department_id in reach.departments
    if is_own and not stands.may_pass_on:
        raise RuleViolation(_("Say that it is not yours, with the reason. Then it is decided whose it is."))
    decides = stands.is_unclear or stands.is_decided
    if decides:
        check_decides(by)
    end_waiting(case, TransferAnswer.PASSED_ON if is_own else TransferAnswer.TAKEN_BACK, by=by, at=at)
    told: dict[str, Any] = {"turn": Turn.DECIDED.value} if decides else {}
    if not is_own and reach.departments:
        told["by"] = min(reach.departments)  # who writes the words, as it is not who had the case
    before = case.department_id
    event = _go_to(case, department.id, by, at, reason, language, told)
    db.session.add(
        Transfer(
            case_id=case.id,
            from_id=before,
            to_id=department.id,
            is_decision=decides,
            event_id=event.id,
            asked_by_id=by.id,
            asked_at=at,
            # Who sorts what comes in cannot say "not ours"
            **(_answered(TransferAnswer.ACCEPTED, by, at) if department.is_triage else {}),
        )
    )
    db.session.flush()
    trace(case, "transfer-case", by, at, {"department_id": [before, department.id]})


def check_decides(by: Account) -> None:
    """Raise RuleViolation for who may not decide whose a case is that nobody wants."""
    if Role.SUPERVISOR not in by.roles and not queries.reach_of(by.id).everywhere:
        raise RuleViolation(_("Two departments have said no. A supervisor or triage decides whose it is."))


def accept(case: Case, *, by: Account, at: datetime) -> None:
    """Say that the case is the department's; everybody reads it on the case's page, nobody gets a mail."""
    waiting = _waiting(case)
    _answer(waiting, TransferAnswer.ACCEPTED, by, at)
    acknowledge(case, at)
    data = {"turn": Turn.ACCEPTED.value, "to": case.department_id}
    record(case, EventKind.TRANSFERRED, by=by.id, at=at, data=data, tells=False)
    trace(case, "accept-case", by, at, {"transfer": [None, TransferAnswer.ACCEPTED.value]})


def settle(case: Case, *, by: Account, at: datetime) -> None:
    """Take a case as accepted that its own department works on, or that was closed; else do nothing."""
    waiting = handing.waiting_transfer(case.id)
    if waiting is None:
        return
    if case.status in CLOSED or case.department_id in queries.reach_of(by.id).departments:
        _answer(waiting, TransferAnswer.ACCEPTED, by, at)


def refuse(case: Case, said: Refused, *, by: Account, at: datetime) -> HandOff:
    """Give a case back to triage with a public reason; the clock runs on and everybody who follows is told.

    Without a triage department it goes back to where it came from. Returns where the case stands: after the
    second refusal it is unclear whose it is. Raises RuleViolation where nothing waits, or it was decided.
    """
    waiting = _waiting(case)
    if waiting.is_decision:
        raise RuleViolation(_("It was decided that this case is yours. Talk to who decided it."))
    if not said.reason.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    if said.names is not None and said.names.id == case.department_id:
        raise RuleViolation(_("Name another department than your own."))
    triage = departments.find_triage_department()
    back = triage.id if triage is not None and triage.id != case.department_id else waiting.from_id
    before = case.department_id
    event = _go_to(case, back, by, at, said.reason, said.language, said.told)
    waiting.answer_event_id = event.id
    waiting.names_id = said.names.id if said.names else None
    waiting.whose = said.whose
    _answer(waiting, TransferAnswer.REFUSED, by, at)
    trace(case, "refuse-case", by, at, {"department_id": [before, back]})
    return hand_off(handing.transfers_of(case.id))


def take_over(case: Case, department_id: int, *, by: int | None, at: datetime) -> None:
    """Let a department go on with a case of one that was closed; the clock runs on, nobody gets a mail."""
    waiting = handing.waiting_transfer(case.id)
    if waiting is not None:
        waiting.answer, waiting.answered_at, waiting.answered_by_id = TransferAnswer.TAKEN_BACK, at, by
    before, case.department_id, case.assignee_id = case.department_id, department_id, None
    clock.drop_end(case, at)
    if case.kind is CaseKind.COMPLAINT and case.status is Status.IN_PROGRESS:
        clock.follow(case, Status.TRIAGED, at)
        case.status = Status.TRIAGED
    data = {"from": before, "to": department_id}
    record(case, EventKind.TRANSFERRED, by=by, at=at, status=case.status, data=data, tells=False)
    hand_on(case, at=at)
    changes = {"department_id": [before, department_id]}
    audit.record("transfer-case", about=("case", case.reference), by=by, at=at, changes=changes)


def _waiting(case: Case) -> Transfer:
    waiting = handing.waiting_transfer(case.id)
    if case.status in CLOSED or waiting is None:
        raise RuleViolation(_("This was answered already: the case does not wait for your yes."))
    return waiting


def _go_to(
    case: Case,
    department_id: int,
    by: Account,
    at: datetime,
    reason: str,
    language: str,
    told: Mapping[str, Any],
) -> CaseEvent:
    """Let the case lie at a department, untouched and with its clock as it was, and tell why."""
    before = case.department_id
    case.department_id = department_id
    case.assignee_id = None
    clock.drop_end(case, at)
    if case.kind is CaseKind.COMPLAINT and case.status is not Status.RECEIVED:
        clock.follow(case, Status.TRIAGED, at)
        case.status = Status.TRIAGED
    acknowledge(case, at)
    hand_on(case, at=at)
    return record(
        case,
        EventKind.TRANSFERRED,
        by=by.id,
        at=at,
        message=reason,
        language=language,
        status=case.status,
        data={"from": before, "to": department_id, **told},
    )


def end_waiting(case: Case, answer: TransferAnswer, *, by: Account, at: datetime) -> None:
    """Let a transfer that waits for a yes wait no more; does nothing where none waits."""
    waiting = handing.waiting_transfer(case.id)
    if waiting is not None:
        _answer(waiting, answer, by, at)


def _answer(waiting: Transfer, answer: TransferAnswer, by: Account, at: datetime) -> None:
    waiting.answer, waiting.answered_at, waiting.answered_by_id = answer, at, by.id
    db.session.flush()


def _answered(answer: TransferAnswer, by: Account, at: datetime) -> dict[str, object]:
    return {"answer": answer, "answered_at": at, "answered_by_id": by.id}
