"""Reads of the staff, of one account as administrators see it, and of invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, or_, select

from cps.accounts.models import Account, RoleGrant, TwoStep
from cps.accounts.rules import Role
from cps.admin.models import Invitation
from cps.admin.people.rules import EXPIRED_KEPT, LOOKED_UP
from cps.core.db import db
from cps.core.models import AccessRow
from cps.departments.models import Department, Staff

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of staff is narrowed to; empty values narrow nothing."""

    words: str = ""
    role: Role | None = None
    department: str = ""


def _staff(wanted: Wanted) -> Select[Account]:
    found = select(Account).where(exists().where(RoleGrant.account_id == Account.id))
    if wanted.words:
        found = found.where(
            or_(
                Account.display_name.icontains(wanted.words, autoescape=True),
                Account.email.icontains(wanted.words, autoescape=True),
            )
        )
    if wanted.role is not None:
        has = exists().where(RoleGrant.account_id == Account.id, RoleGrant.role == wanted.role)
        found = found.where(has)
    if wanted.department:
        there = select(Staff.account_id).join(Department, Department.id == Staff.department_id)
        found = found.where(Account.id.in_(there.where(Department.code == wanted.department)))
    return found


def staff(wanted: Wanted, *, start: int = 0) -> list[Account]:
    """Return a page of the staff by name, and one more where there are more."""
    rows = _staff(wanted).order_by(func.lower(Account.display_name), Account.id)
    return list(db.session.scalars(rows.offset(start).limit(PAGE_SIZE + 1)))


def count_staff(wanted: Wanted) -> int:
    """Return how many of the staff are meant."""
    return db.session.scalar(select(func.count()).select_from(_staff(wanted).subquery())) or 0


def departments_of(account_ids: Sequence[int]) -> dict[int, list[Department]]:
    """Return the departments in which each of these accounts works, in their order."""
    rows = db.session.execute(
        select(Staff.account_id, Department)
        .join(Department, Department.id == Staff.department_id)
        .where(Staff.account_id.in_(account_ids))
        .order_by(Department.ord, Department.id)
    )
    found: dict[int, list[Department]] = {}
    for account_id, department in rows:
        found.setdefault(account_id, []).append(department)
    return found


def with_second_step(account_ids: Sequence[int]) -> set[int]:
    """Return which of these accounts ask for a second step."""
    return set(db.session.scalars(select(TwoStep.account_id).where(TwoStep.account_id.in_(account_ids))))


def account(account_id: int) -> Account | None:
    """Return an account."""
    return db.session.get(Account, account_id)


def has_looked_up(actor_id: int, account_id: int, *, since: datetime) -> bool:
    """Return whether an administrator found this account by its address or number since then."""
    looks = select(AccessRow.id).where(AccessRow.subject_id == account_id, AccessRow.at >= since)
    mine = looks.where(AccessRow.actor_id == actor_id, AccessRow.what == LOOKED_UP)
    return db.session.scalar(mine.limit(1)) is not None


def invitations() -> Sequence[Invitation]:
    """Return who is invited, the newest first."""
    return db.session.scalars(select(Invitation).order_by(Invitation.sent_at.desc(), Invitation.id)).all()


def count_invitations() -> int:
    """Return how many invitations wait."""
    return db.session.scalar(select(func.count()).select_from(Invitation)) or 0


def invitation(invitation_id: int) -> Invitation | None:
    """Return an invitation, loaded anew and locked for the running write transaction."""
    return db.session.get(Invitation, invitation_id, populate_existing=True, with_for_update=True)


def invitation_to(email: str) -> Invitation | None:
    """Return the invitation of a normal address."""
    return db.session.scalars(select(Invitation).where(Invitation.email == email)).one_or_none()


def invitation_of(token_hash: str, *, lock: bool = False) -> Invitation | None:
    """Return the invitation whose link has the token with this hash."""
    found = select(Invitation).where(Invitation.token_hash == token_hash)
    if lock:
        found = found.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(found).one_or_none()


def invited_by(account_id: int) -> list[int]:
    """Return the invitations that an account sent."""
    return list(db.session.scalars(select(Invitation.id).where(Invitation.invited_by_id == account_id)))


def count_ended(at: datetime) -> int:
    """Return how many invitations ended before they were accepted, and still stand in the list."""
    return db.session.scalar(select(func.count()).where(Invitation.expires_at <= at)) or 0


def count_forgotten(at: datetime) -> int:
    """Return how many invitations ended so long ago that they are deleted."""
    ended = select(func.count()).where(Invitation.expires_at <= at - EXPIRED_KEPT)
    return db.session.scalar(ended) or 0
