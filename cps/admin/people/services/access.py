"""Roles and departments given and taken, accounts blocked and let in again.

Each act begins with `check_administers`, which lets one administrator act after another: two who take each
other's role at the same moment cannot both succeed.
"""

from datetime import datetime

from sqlalchemy import delete

from cps.accounts import queries as accounts
from cps.accounts import services as own
from cps.accounts.models import Account
from cps.accounts.rules import AccountState, Role
from cps.admin.models import Invitation
from cps.admin.people import queries, rules
from cps.admin.people.rules import Access
from cps.admin.people.wording import FAULTS
from cps.cases.services import leaving
from cps.core import audit
from cps.core.db import db
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.many import change_rows
from cps.departments import queries as departments
from cps.departments import services as staffing


def check_administers(by: Account) -> None:
    """Wait for other administrators' acts; raises NotVisible where one of them took the role of `by`."""
    if by.id not in accounts.lock_administrators():
        raise NotVisible(_("You are not an administrator any more."))


def access_of(account: Account) -> Access:
    """Return what an account may do now, and where."""
    works_in = queries.departments_of([account.id]).get(account.id, [])
    return Access(account.roles - {Role.RESIDENT}, frozenset(one.code for one in works_in))


def change_access(account_id: int, wanted: Access, *, by: Account, at: datetime) -> int:
    """Let an account be what is wanted, and sign it out where its roles change.

    What it may not work any more goes back to the departments; returns how many cases. Raises RuleViolation.
    """
    check_administers(by)
    account = _lock(account_id)
    before, wanted = access_of(account), wanted.tidy
    fault = rules.fault_in(before, wanted, is_own=account.id == by.id)
    if fault is not None:
        raise RuleViolation(str(FAULTS[fault]))
    if account.state is not AccountState.ACTIVE or not account.is_proven:
        raise RuleViolation(_("This account cannot sign in, so it gets no role."))
    give(
        account, Access(wanted.roles - before.roles, wanted.departments - before.departments), by=by.id, at=at
    )
    for role in sorted(before.roles - wanted.roles):
        own.revoke_role(account, role, by=by.id, at=at)
    if not account.is_staff:
        account.signed_in_at = None
    for code in sorted(before.departments - wanted.departments):
        department = departments.department_by_code(code)
        if department is not None and staffing.remove_staff(account.id, department, by=by.id, at=at):
            _note(account, "leave-department", by, at, department=[code, None])
    if Role.ADMINISTRATOR in before.roles - wanted.roles:
        _end_invitations(account, by, at)
    return _give_back(account, by, at)


def give(account: Account, more: Access, *, by: int, at: datetime) -> None:
    """Give an account, locked, roles and departments; RuleViolation for a department that is closed."""
    for role in sorted(more.roles - account.roles):
        own.grant_role(account, role, by=by, at=at)
    for code in sorted(more.departments):
        department = departments.department_by_code(code)
        if department is None or not department.is_active:
            raise RuleViolation(_("Choose departments that are in use."))
        if staffing.add_staff(account.id, department, by=by, at=at):
            changes = {"department": [None, code]}
            audit.record("join-department", about=("account", account.id), by=by, at=at, changes=changes)


def block(account_id: int, *, by: Account, at: datetime) -> int:
    """Keep an account of staff from being used; returns how many cases went back. Raises RuleViolation."""
    check_administers(by)
    account = _lock(account_id)
    if account.id == by.id:
        raise RuleViolation(_("You cannot block yourself. Ask another administrator."))
    own.block(account, by=by.id, at=at)
    _end_invitations(account, by, at)
    return _give_back(account, by, at)


def unblock(account_id: int, *, by: Account, at: datetime) -> None:
    """Let a blocked account be used again, with the roles it has."""
    check_administers(by)
    own.unblock(_lock(account_id), by=by.id, at=at)


def sign_out(account_id: int, *, by: Account, at: datetime) -> None:
    """End every session of an account."""
    check_administers(by)
    account = _lock(account_id)
    own.sign_out_everywhere(account)
    _note(account, "sign-out-account", by, at)


def _lock(account_id: int) -> Account:
    if queries.account(account_id) is None:
        raise NotVisible(_("There is no such account."))
    return accounts.lock_account(account_id)


def _give_back(account: Account, by: Account, at: datetime) -> int:
    number = leaving.give_back(account, by=by, at=at)
    if number:
        _note(account, "give-back-cases", by, at, given_back=[None, number])
    return number


def _end_invitations(account: Account, by: Account, at: datetime) -> None:
    """Withdraw what somebody invited who invites no more."""
    ended = queries.invited_by(account.id)
    for key in ended:
        audit.record("withdraw-invitation", about=("invitation", key), by=by.id, at=at)
    change_rows(delete(Invitation).where(Invitation.id.in_(ended)))


def _note(account: Account, action: str, by: Account, at: datetime, **changes: list[object]) -> None:
    audit.record(action, about=("account", account.id), by=by.id, at=at, changes=dict(changes))
    db.session.flush()
