"""Reads of the demo city while it is made."""

from dataclasses import dataclass

from cps.accounts.models import Account
from cps.cases.models import Case
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


def last_account_id() -> int:
    """Return the highest id of an account, 0 where there is none."""
    return db.session.scalar(db.select(db.func.max(Account.id))) or 0


def account_ids_after(account_id: int) -> dict[str, int]:
    """Return the ids of accounts made after one, by their address."""
    rows = db.session.execute(db.select(Account.id, Account.email).where(Account.id > account_id))
    return {row.email: row.id for row in rows}


def open_cases() -> int:
    """Return how many cases are open."""
    return db.session.scalar(db.select(db.func.count(Case.id)).where(Case.closed_at.is_(None))) or 0
