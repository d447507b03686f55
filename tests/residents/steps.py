"""Rows and acts that the tests of the register share."""

from datetime import date, datetime
from pathlib import Path

from click.testing import Result
from flask import Flask

from cps.accounts.models import Account, Identity
from cps.accounts.rules import IdentityKind
from cps.core import clock
from cps.core.db import db
from cps.residents import queries
from cps.residents.commands import import_residents_command
from cps.residents.models import RegisterEntry
from cps.residents.services.letters import letter_hash
from cps.wards.models import Ward
from tests.support.factories import make_ward, number, save

BORN = date(1990, 5, 17)
CODE = "K7QF9XTMP2JD"


def make_entry(
    *,
    register_number: str = "",
    ward: Ward | None = None,
    born_on: date = BORN,
    code: str = "",
    made_at: datetime | None = None,
    **columns: object,
) -> RegisterEntry:
    """Make somebody of the register; with a code they have a letter of today."""
    columns.setdefault("imported_at", clock.now())
    return save(
        RegisterEntry(
            tag=queries.register_tag(register_number or f"entry-{number()}"),
            ward_id=(ward or make_ward()).id,
            born_on=born_on,
            letter_code_hash=letter_hash(code) if code else None,
            letter_made_at=(made_at or clock.now()) if code else None,
            **columns,
        )
    )


def make_proof(entry: RegisterEntry, account: Account | None) -> Identity:
    """Let an account have proven to be this person; without one, an account that is gone had."""
    return save(
        Identity(
            kind=IdentityKind.REGISTER,
            tag=entry.tag,
            account_id=account.id if account else None,
            verified_at=clock.now(),
        )
    )


def owner(entry: RegisterEntry) -> int | None:
    """Return the account that has proven to be this person."""
    db.session.rollback()
    mark = db.session.get(Identity, (IdentityKind.REGISTER, entry.tag))
    return mark.account_id if mark else None


def entry_of(register_number: str) -> RegisterEntry | None:
    """Return the entry of a number, read anew."""
    return db.session.get(RegisterEntry, queries.register_tag(register_number), populate_existing=True)


def entries() -> list[RegisterEntry]:
    """Return the whole register, read anew."""
    db.session.rollback()
    return list(db.session.scalars(db.select(RegisterEntry).order_by(RegisterEntry.tag)))


def bring_in(app: Flask, file: Path, *options: str) -> Result:
    """Run `cps import residents`."""
    return app.test_cli_runner().invoke(import_residents_command, [str(file), *options])
