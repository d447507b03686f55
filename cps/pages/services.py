"""Archives of one's own data: asked for, made, and gone after three days."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete

from cps.accounts import queries as accounts
from cps.accounts.rules import AccountState
from cps.core import outbox
from cps.core.db import db
from cps.core.outbox import Fact
from cps.core.storage import current_storage
from cps.pages import queries
from cps.pages.models import OwnArchive

MAKE = "own-archive"
FORGET_FILE = "own-archive-file"
KEPT = timedelta(days=3)
GIVEN_UP = timedelta(days=3)
"""An archive that no worker could make in this time can be asked for anew."""

CLEARED_AT_ONCE = 100


def archive_there_is(account_id: int, *, at: datetime) -> OwnArchive | None:
    """Return the archive that is being made or can be taken along; None also where its file was lost."""
    found = queries.archive_of(account_id)
    if found is None or found.gone_at <= at:
        return None
    is_lost = found.ready_at is not None and not current_storage().exists(found.storage_key)
    return None if is_lost else found


def ask_for_archive(account_id: int, *, at: datetime) -> None:
    """Let a worker make an archive of all that is held about an account; one that is there stays."""
    accounts.lock_account(account_id)
    if archive_there_is(account_id, at=at) is not None:
        return
    forget_archive(account_id, at=at)
    key = f"own-data/{secrets.token_hex(16)}.zip"
    db.session.add(OwnArchive(account_id=account_id, storage_key=key, asked_at=at, gone_at=at + GIVEN_UP))
    outbox.enqueue(MAKE, at=at, dedupe_key=key, account_id=account_id, key=key)
    db.session.flush()


def note_ready(account_id: int, key: str, *, at: datetime) -> bool:
    """Note that the file of an archive is there, and state it; False where nobody wants it any more."""
    account, found = accounts.lock_account(account_id), queries.archive_of(account_id)
    if found is None or found.storage_key != key or account.state is not AccountState.ACTIVE:
        return False
    found.ready_at, found.gone_at = at, at + KEPT
    outbox.state(Fact.OWN_ARCHIVE_READY, account_id, at=at, until=found.gone_at.isoformat())
    db.session.flush()
    return True


def forget_archive(account_id: int, *, at: datetime) -> None:
    """Forget the archive of an account; a worker deletes its file."""
    found = queries.archive_of(account_id)
    if found is not None:
        outbox.enqueue(FORGET_FILE, at=at, key=found.storage_key)
        db.session.delete(found)
        db.session.flush()


def clear_gone_archives(at: datetime) -> bool:
    """Delete archives whose time is over, files first; True where more wait."""
    over = queries.gone_archives(at, limit=CLEARED_AT_ONCE)
    for one in over:
        current_storage().delete(one.storage_key)
    keys = [one.account_id for one in over]
    gone = delete(OwnArchive).where(OwnArchive.account_id.in_(keys), OwnArchive.gone_at <= at)
    db.session.execute(gone.execution_options(synchronize_session=False))
    return len(over) == CLEARED_AT_ONCE
