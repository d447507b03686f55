"""Which cases go to the system of a department, and to which of its services."""

from datetime import datetime

from cps.cases.models import Case
from cps.cases.rules import CaseKind, Status
from cps.departments import queries as departments
from cps.open311.outgoing import queries
from cps.open311.outgoing.models import OtherSystem, SentCase
from cps.open311.outgoing.rules import Ending, Stage, route_of


def is_sendable(case: Case) -> bool:
    """Return whether a case may go to another system: an open complaint of ours that is public."""
    is_ours = case.kind is CaseKind.COMPLAINT and case.is_open and not case.is_imported
    return is_ours and not (case.is_private or case.is_hidden or case.is_integrity)


def why_not_followed(row: SentCase, case: Case) -> Ending | None:
    """Return why a case is none of the system's any more; None where it is still followed."""
    if row.system.department_id != case.department_id or case.is_integrity:
        return Ending.ELSEWHERE
    if row.stage is not Stage.WAITING:
        return None
    if not case.is_open:
        return Ending.DONE
    if not is_sendable(case):
        return Ending.NOT_PUBLIC
    return None if service_for(row.system, case) else Ending.NO_ROUTE


def is_worked(case: Case) -> bool:
    """Return whether the city works on a case: somebody has looked at what its reporter said last."""
    return case.is_open and case.status not in {Status.REOPEN_ASKED, Status.WAITING_RESIDENT}


def goes_again(row: SentCase, case: Case, *, at: datetime) -> bool:
    """Return whether a case was done there before it was opened again here: it has to be filed there anew."""
    if row.stage is not Stage.CLOSED or row.changed_at is None or not case.is_open:
        return False
    opened = queries.opened_again(case.id, at=at)
    return opened is not None and row.changed_at < opened.at


def may_go_back(row: SentCase, case: Case, *, at: datetime) -> bool:
    """Return whether officers may send back what is said to be done there, while it is open here."""
    is_done_there = row.stage is Stage.CLOSED and row.done_at is None and row.system.is_on
    is_theirs = why_not_followed(row, case) is None and is_sendable(case) and service_for(row.system, case)
    return is_done_there and bool(is_theirs) and not goes_again(row, case, at=at)


def service_for(system: OtherSystem, case: Case) -> str:
    """Return the code of the service to which a case goes; "" for none."""
    category = departments.catalogue().categories.get(case.category_id)
    return route_of(system.routes, category.code) if category else ""
