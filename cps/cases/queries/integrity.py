"""Who may read complaints about staff or corruption, whom these name, and who opened their reporters."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, select, union
from sqlalchemy.orm import aliased

from cps.accounts.models import Account, RoleGrant
from cps.accounts.rules import AccountState, Role
from cps.cases.integrity_models import IntegrityBar, IntegrityReader, IntegrityReport
from cps.cases.models import Case, CaseEvent
from cps.cases.rules import EventKind, Turn
from cps.core.db import db
from cps.core.models import AccessRow
from cps.departments.models import Staff

REPORTER = "integrity-contact"
"""What rows of the access log say where somebody opened who reported such a complaint."""
HEARD = "integrity-voice"
"""The same where somebody heard its voice note, which leads to who speaks."""
MOST_READS = 200

_WORKPLACES = select(Staff.department_id).where(Staff.account_id == bindparam("account"))
_BARRED = union(
    select(IntegrityBar.case_id).where(IntegrityBar.account_id == bindparam("account")),
    select(IntegrityReport.case_id).where(IntegrityReport.about_department_id.in_(_WORKPLACES)),
)


def barred_from(account_id: int) -> frozenset[int]:
    """Return the complaints about staff that an account never sees: they name it or its department."""
    return frozenset(db.session.scalars(_BARRED, {"account": account_id}))


def report_of(case_id: int) -> IntegrityReport | None:
    """Return whom a complaint about staff names; None where nobody is named and nothing was decided."""
    return db.session.get(IntegrityReport, case_id)


def is_released(case_id: int) -> bool:
    """Return whether an ordinary case was filed as a complaint about staff."""
    released = IntegrityReport.case_id == case_id, IntegrityReport.released_at.is_not(None)
    return db.session.scalar(select(IntegrityReport.case_id).where(*released)) is not None


def was_released(case_id: int) -> bool:
    """Return whether a case was a complaint about staff, then an ordinary one, whatever it is now."""
    handed = CaseEvent.case_id == case_id, CaseEvent.kind == EventKind.TRANSFERRED
    told = db.session.scalars(select(CaseEvent.data).where(*handed))
    return any(data.get("turn") == Turn.RELEASED for data in told)


def has_joined(case_id: int) -> bool:
    """Return whether other cases are joined to this one."""
    joined = select(Case.id).where(Case.joined_to_id == case_id)
    return db.session.scalar(joined.limit(1)) is not None


def bars_of(case_id: int) -> frozenset[int]:
    """Return the accounts that never see a complaint, besides those who work in the department it names."""
    return frozenset(
        db.session.scalars(select(IntegrityBar.account_id).where(IntegrityBar.case_id == case_id))
    )


def _officers() -> Select[*tuple[Any, ...]]:
    return (
        select(Account.id, Account.display_name, Account.email)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == Role.INTEGRITY_OFFICER, Account.state == AccountState.ACTIVE)
        .order_by(Account.display_name, Account.id)
    )


def integrity_officers() -> Sequence[Row[int, str, str]]:
    """Return (id, display_name, email) of everybody who handles complaints about staff, by name."""
    return db.session.execute(_officers()).all()


def handlers_of(case_id: int) -> list[int]:
    """Return the integrity officers who may see a complaint about staff, by name."""
    barred = select(IntegrityBar.account_id).where(IntegrityBar.case_id == case_id)
    there = select(IntegrityReport.about_department_id).where(
        IntegrityReport.case_id == case_id, IntegrityReport.about_department_id.is_not(None)
    )
    colleagues = select(Staff.account_id).where(Staff.department_id.in_(there))
    may = _officers().where(Account.id.not_in(barred), Account.id.not_in(colleagues))
    return [row.id for row in db.session.execute(may)]


def is_any_unreadable() -> bool:
    """Return whether an open complaint about staff is there that no integrity officer may see."""
    officer = aliased(RoleGrant)
    barred = exists().where(IntegrityBar.case_id == Case.id, IntegrityBar.account_id == officer.account_id)
    colleague = exists().where(
        IntegrityReport.case_id == Case.id,
        Staff.department_id == IntegrityReport.about_department_id,
        Staff.account_id == officer.account_id,
    )
    usable = exists().where(Account.id == officer.account_id, Account.state == AccountState.ACTIVE)
    reads = exists().where(officer.role == Role.INTEGRITY_OFFICER, usable, ~barred, ~colleague)
    unread = select(Case.id).where(Case.is_integrity.is_(True), Case.closed_at.is_(None), ~reads)
    return db.session.scalar(unread.limit(1)) is not None


def readers() -> Sequence[Row[int, int, str]]:
    """Return (slot, account_id, display_name) of the people who may read who reported."""
    named = select(IntegrityReader.slot, IntegrityReader.account_id, Account.display_name)
    joined = named.join(Account, Account.id == IntegrityReader.account_id)
    return db.session.execute(joined.order_by(IntegrityReader.slot)).all()


def lock_readers() -> dict[int, IntegrityReader]:
    """Return the same as rows to be changed, by slot."""
    rows = db.session.scalars(select(IntegrityReader).with_for_update())
    return {row.slot: row for row in rows}


def is_reader(account_id: int) -> bool:
    """Return whether an account is one of the two people who may read who reported."""
    named = select(IntegrityReader.slot).where(IntegrityReader.account_id == account_id)
    return db.session.scalar(named) is not None


def reads_of_reporters(but: frozenset[int]) -> Sequence[Any]:
    """Return (at, display_name, reference, reason) of who opened or heard a reporter, the newest first.

    Hearing has no reason. Complaints that the reader must not see (`but`) are left out.
    """
    return db.session.execute(
        select(AccessRow.at, AccessRow.reason, Account.display_name, Case.reference, Case.is_integrity)
        .join(Case, Case.id == AccessRow.case_id)
        .outerjoin(Account, Account.id == AccessRow.actor_id)
        .where(AccessRow.what.in_((REPORTER, HEARD)), Case.id.not_in(but))
        .order_by(AccessRow.at.desc(), AccessRow.id.desc())
        .limit(MOST_READS)
    ).all()
