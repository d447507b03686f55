"""Invitations to work for the city: sent, sent again, withdrawn, accepted with a password of one's own."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from cps.accounts import queries as accounts
from cps.accounts import services as own
from cps.accounts.models import Account
from cps.accounts.rules import AccountState, Role
from cps.admin.models import Invitation
from cps.admin.people import queries, rules
from cps.admin.people.rules import EXPIRED_KEPT, INVITED_FOR, MOST_INVITATIONS, Access, Fault
from cps.admin.people.services.access import check_administers, give
from cps.admin.people.wording import FAULTS
from cps.core import audit, outbox
from cps.core.db import db
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.keys import hashed_token
from cps.core.many import change_rows
from cps.core.outbox import Fact
from cps.departments import queries as departments

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """Whom to invite, by a normal address, and as what."""

    email: str
    name: str
    language: str
    access: Access


def invite(new: NewInvitation, *, by: Account, at: datetime) -> Invitation:
    """Invite somebody by mail, for whom there is no account yet; raises RuleViolation."""
    check_administers(by)
    access = new.access.tidy
    fault = rules.fault_in(Access(), access, is_own=False) if access.roles else Fault.NO_ROLE
    if fault is not None:
        raise RuleViolation(str(FAULTS[fault]))
    if queries.invitation_to(new.email) is not None:
        raise RuleViolation(_("This address is invited already. Send the invitation again."))
    if queries.count_invitations() >= MOST_INVITATIONS:
        raise RuleViolation(
            _("%(most)s people are invited already. Withdraw some first.", most=MOST_INVITATIONS)
        )
    row = Invitation(
        email=new.email,
        name=new.name,
        language=new.language,
        roles=sorted(access.roles),
        departments=sorted(access.departments),
        invited_by_id=by.id,
    )
    _send(row, by, at)
    changes = {"role": [None, row.roles], "department": [None, row.departments]}
    audit.record("invite", about=("invitation", row.id), by=by.id, at=at, changes=changes)
    return row


def send_again(invitation_id: int, *, by: Account, at: datetime) -> Invitation:
    """Send a new link, which ends the one before; raises NotVisible where nobody is invited any more."""
    check_administers(by)
    row = _get(invitation_id)
    row.invited_by_id = by.id
    _send(row, by, at)
    audit.record("invite-again", about=("invitation", row.id), by=by.id, at=at)
    return row


def withdraw(invitation_id: int, *, by: Account, at: datetime) -> None:
    """Let an invitation and its link end; raises NotVisible where it has ended."""
    check_administers(by)
    row = _get(invitation_id)
    audit.record("withdraw-invitation", about=("invitation", row.id), by=by.id, at=at)
    db.session.delete(row)
    db.session.flush()


def open_invitation(token: str, *, at: datetime, lock: bool = False) -> Invitation:
    """Return the invitation that a link opens; raises NotVisible for one that has ended."""
    row = queries.invitation_of(hashed_token(token), lock=lock)
    if row is None or row.expires_at <= at:
        raise NotVisible(_("This invitation has ended. Ask the city for a new one."))
    return row


def accept(token: str, *, password_hash: str, at: datetime) -> Account:
    """Make the account of who was invited, or give the roles to the one that has the address; once.

    The password is only for an account that is made here. Raises NotVisible for a link that has ended,
    RuleViolation where the account cannot be used.
    """
    administrators = accounts.lock_administrators()
    row = open_invitation(token, at=at, lock=True)
    if row.invited_by_id not in administrators:
        raise NotVisible(_("This invitation has ended. Ask the city for a new one."))
    known = accounts.account_by_email(row.email)
    if known is None:
        account = own.create_account(
            row.email,
            at=at,
            name=row.name,
            language=row.language,
            password_hash=password_hash,
            by=row.invited_by_id,
        )
    else:
        account = accounts.lock_account(known.id)
    if account.state is not AccountState.ACTIVE:
        raise RuleViolation(_("This account cannot be used any more."))
    give(account, _still_open(row), by=row.invited_by_id, at=at)
    audit.record("accept-invitation", about=("account", account.id), by=account.id, at=at)
    db.session.delete(row)
    db.session.flush()
    return account


def _still_open(row: Invitation) -> Access:
    """Return what somebody is invited as; raises NotVisible where all its departments were closed since."""
    in_use = {one.code for one in departments.departments()}
    access = Access(frozenset(Role(role) for role in row.roles), frozenset(row.departments) & in_use)
    if rules.fault_in(Access(), access, is_own=False) is not None:
        raise NotVisible(_("This invitation has ended. Ask the city for a new one."))
    return access


def forget_expired(at: datetime) -> None:
    """Delete invitations that ended long ago."""
    change_rows(delete(Invitation).where(Invitation.expires_at <= at - EXPIRED_KEPT))


def _send(row: Invitation, by: Account, at: datetime) -> None:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row.token_hash, row.sent_at, row.expires_at = hashed_token(token), at, at + INVITED_FOR
    db.session.add(row)
    db.session.flush()
    outbox.state(
        Fact.STAFF_INVITED,
        row.id,
        at=at,
        address=row.email,
        name=row.name,
        language=row.language,
        token=token,
        by=by.display_name,
        until=row.expires_at.isoformat(),
    )


def _get(invitation_id: int) -> Invitation:
    row = queries.invitation(invitation_id)
    if row is None:
        raise NotVisible(_("Nobody is invited here any more."))
    return row
