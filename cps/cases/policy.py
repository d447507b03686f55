"""Who may see and do what with a case.

The actor is an account, the anonymous visitor, or a `Viewer`: somebody who may also have opened a case by
its secret link or PIN.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases import queries
from cps.cases.models import Case
from cps.cases.queries import Reach, integrity
from cps.core.security import Can, rule

WORKERS = frozenset({Role.OFFICER, Role.SUPERVISOR})

StandIn = Callable[[Any, Case], bool]
"""Says whether an account may speak for the reporter of a case that is not its own."""

_stand_ins: list[StandIn] = []


def stands_in(says: StandIn) -> StandIn:
    """Register who else speaks for reporters; features above know."""
    _stand_ins.append(says)
    return says


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody looking at cases: signed in or not, with the cases opened by secret link or PIN."""

    account: Any
    opened: frozenset[int] = frozenset()


def _account(actor: Any) -> Any:
    return actor.account if isinstance(actor, Viewer) else actor


def _roles(actor: Any) -> frozenset[Role]:
    return getattr(_account(actor), "roles", frozenset())


def reach_of(account: Account) -> Reach:
    """Return whose cases the account works, read once a request."""
    known: Reach | None = account.__dict__.get("_reach")
    if known is None:
        known = queries.reach_of(account.id)
        if Role.INTEGRITY_OFFICER in account.roles:
            known = replace(known, barred=integrity.barred_from(account.id))
        account.__dict__["_reach"] = known
    return known


def forget_reach(account: Account) -> None:
    """Let `reach_of` read anew whose cases the account works, because it was changed, or taken back."""
    account.__dict__.pop("_reach", None)


def is_reporter(actor: Any, case: Case) -> bool:
    """Whether the actor filed the case, by account, secret link or PIN, or stands in for who did."""
    account = _account(actor)
    own = account.is_authenticated and case.reporter_id is not None and case.reporter_id == account.id
    if own or (isinstance(actor, Viewer) and case.id in actor.opened):
        return True
    return any(says(account, case) for says in _stand_ins)


def works(actor: Any, case: Case) -> bool:
    """Whether the actor answers this case for the city."""
    account = _account(actor)
    if not account.is_authenticated:
        return False
    if case.is_integrity:
        return Role.INTEGRITY_OFFICER in account.roles and case.id not in reach_of(account).barred
    if not account.roles & WORKERS:
        return False
    reach = reach_of(account)
    return reach.everywhere or case.department_id in reach.departments


@rule(Can.SEE_CASE)
def see_case(actor: Any, case: Case) -> bool:
    """Everybody sees what is listed; the reporter and those who work it see the rest.

    Moderators see what is hidden, and nothing that is private.
    """
    if case.is_listed:
        return True
    if works(actor, case) or is_reporter(actor, case):
        return True
    return case.is_hidden and not case.is_private and Role.MODERATOR in _roles(actor)


@rule(Can.SPEAK_AS_REPORTER)
def speak_as_reporter(actor: Any, case: Case) -> bool:
    """The reporter answers questions, adds photos, says whether it is fixed."""
    return is_reporter(actor, case)


@rule(Can.SEE_REPORTER)
def see_reporter(actor: Any, case: Case) -> bool:
    """Those who work a case may open its reporter's contact; each opening is recorded.

    Who reported staff or corruption only two named people may read, and nobody once it is an ordinary case.
    """
    if not works(actor, case):
        return False
    if case.is_integrity:
        return integrity.is_reader(_account(actor).id)
    return not integrity.is_released(case.id)


@rule(Can.SUPPORT_CASE)
def support_case(actor: Any, case: Case) -> bool:
    """Signed-in residents back and follow what everybody can see."""
    return bool(_account(actor).is_authenticated and case.is_listed)


@rule(Can.WORK_CASES)
def work_cases(actor: Any, _about: object = None) -> bool:
    """Officers, supervisors and integrity officers have a desk."""
    return bool(_roles(actor) & (WORKERS | {Role.INTEGRITY_OFFICER}))


@rule(Can.WORK_CASE)
def work_case(actor: Any, case: Case) -> bool:
    """The department that has a case works it; triage works all; integrity cases only their officer."""
    return works(actor, case)


@rule(Can.HANDLE_INTEGRITY)
def handle_integrity(actor: Any, _about: object = None) -> bool:
    """Complaints about staff or corruption are for integrity officers alone, but for those whom they name."""
    return Role.INTEGRITY_OFFICER in _roles(actor)


def workable(roles: frozenset[Role], reach: Reach) -> ColumnElement[bool]:
    """Return the condition that selects the cases of somebody: the same rule as `works`, in SQL.

    It depends on nothing else, so that a statement made with it can be kept.
    """
    parts: list[ColumnElement[bool]] = []
    if roles & WORKERS:
        own = true() if reach.everywhere else Case.department_id.in_(reach.departments)
        parts.append(and_(Case.is_integrity.is_(False), own))
    if Role.INTEGRITY_OFFICER in roles:
        named = [Case.id.not_in(reach.barred)] if reach.barred else []
        parts.append(and_(Case.is_integrity.is_(True), *named))
    return or_(*parts) if parts else ~true()
