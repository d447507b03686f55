"""Which cases go to the system of a department, and to which of its services."""

from cps.cases.models import Case
from cps.cases.rules import CaseKind
from cps.departments import queries as departments
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


def service_for(system: OtherSystem, case: Case) -> str:
    """Return the code of the service to which a case goes; "" for none."""
    category = departments.catalogue().categories.get(case.category_id)
    return route_of(system.routes, category.code) if category else ""
