"""Reads of the demo city while it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cps.accounts.models import Account
from cps.cases.models import Case, CaseEvent
from cps.cases.rules import CaseKind, EventKind, Status
from cps.core.db import db
from cps.demo.plan import DOMAIN


@dataclass(frozen=True, slots=True)
class Resident:
    """What stories need of a resident."""

    id: int
    email: str
    language: str


def residents() -> list[Resident]:
    """Return the residents of the demo city in the order they were made."""
    ours = Account.email.like(f"resident%@{DOMAIN}") | Account.email.like(f"neighbour%@{DOMAIN}")
    rows = db.session.execute(
        db.select(Account.id, Account.email, Account.language).where(ours).order_by(Account.id)
    )
    return [Resident(row.id, row.email, row.language) for row in rows]


def account(address: str) -> Account:
    """Return the account with this address, which the demo city has."""
    found: Account = db.session.scalars(db.select(Account).where(Account.email == address)).one()
    return found


def newest_public_case(status: Status) -> Case | None:
    """Return the newest public case of a status."""
    wanted = db.select(Case).where(Case.status == status, Case.is_listed)
    return db.session.scalars(wanted.order_by(Case.received_at.desc(), Case.id.desc()).limit(1)).one_or_none()


def last_account_id() -> int:
    """Return the highest id of an account, 0 where there is none."""
    return db.session.scalar(db.select(db.func.max(Account.id))) or 0


def account_ids_after(account_id: int) -> dict[str, int]:
    """Return the ids of accounts made after one, by their address."""
    rows = db.session.execute(db.select(Account.id, Account.email).where(Account.id > account_id))
    return {row.email: row.id for row in rows}


def extensions_of(case_ids: Sequence[int]) -> dict[tuple[int, datetime], int]:
    """Return the events that gave these cases more time, by case and moment."""
    if not case_ids:
        return {}
    extended = db.select(CaseEvent.case_id, CaseEvent.at, CaseEvent.id).where(
        CaseEvent.kind == EventKind.EXTENDED,
        CaseEvent.case_id.between(min(case_ids), max(case_ids)),
    )
    return {(row.case_id, row.at): row.id for row in db.session.execute(extended)}


def quiet_case(department_id: int, *, before: datetime) -> Case:
    """Return the newest open public complaint of a department that last changed before a moment."""
    found = db.select(Case).where(
        Case.department_id == department_id,
        Case.kind == CaseKind.COMPLAINT,
        Case.closed_at.is_(None),
        Case.paused_at.is_(None),
        Case.is_listed.is_(True),
        Case.updated_at < before,
    )
    case: Case = db.session.scalars(found.order_by(Case.id.desc()).limit(1)).one()
    return case


def open_cases() -> int:
    """Return how many cases are open."""
    return db.session.scalar(db.select(db.func.count(Case.id)).where(Case.closed_at.is_(None))) or 0


def listed_since(moment: datetime) -> Sequence[int]:
    """Return the public cases that came since a moment, the oldest first."""
    came = db.select(Case.id).where(Case.is_listed.is_(True), Case.received_at >= moment)
    return db.session.scalars(came.order_by(Case.id)).all()


def answers_since(moment: datetime) -> Sequence[int]:
    """Return the events by which cases were closed since a moment, the oldest first."""
    closing = db.select(CaseEvent.id).where(
        CaseEvent.kind == EventKind.MOVED, CaseEvent.status == Status.CLOSED, CaseEvent.at >= moment
    )
    return db.session.scalars(closing.order_by(CaseEvent.id)).all()


def case_titled(title: str) -> Case:
    """Return the written complaint of this title."""
    case: Case = db.session.scalars(db.select(Case).filter_by(title=title)).one()
    return case
