"""What the tests of accounts share: the codes that would be mailed, and acts at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from flask import Flask

from cps.accounts.models import Account, SignInSession
from cps.core.db import db
from cps.core.models import OutboxFact

Result = TypeVar("Result")

NEW_PASSWORD = "four words in row"


def facts(address: str) -> list[OutboxFact]:
    """Return what was stated about an address, oldest first."""
    rows = db.session.scalars(db.select(OutboxFact).order_by(OutboxFact.id)).all()
    return [row for row in rows if row.payload.get("address") == address]


def mailed_code(address: str) -> str:
    """Return the newest code for an address."""
    return str(facts(address)[-1].payload["code"])


def other_than(code: str) -> str:
    """Return six digits that are not the code."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def account_of(email: str) -> Account:
    """Return the one account with this address."""
    return db.session.scalars(db.select(Account).where(Account.email == email)).one()


def sessions(account: Account) -> list[SignInSession]:
    """Return the sessions of an account."""
    return list(db.session.scalars(db.select(SignInSession).where(SignInSession.account_id == account.id)))


def at_once(app: Flask, times: int, act: Callable[[int], Result]) -> list[Result]:
    """Do an act in several threads that begin together, each with a connection of its own."""
    gate = Barrier(times)

    def one(number: int) -> Result:
        with app.app_context():
            gate.wait(20)
            return act(number)

    with ThreadPoolExecutor(times) as pool:
        results = list(pool.map(one, range(times)))
    db.session.rollback()  # what the others changed is read anew
    return results
