"""Files that go with their rows: deleted once their transaction is committed, never before."""

from collections.abc import Iterable

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from cps.core.db import db
from cps.core.storage import delete_files

_WAITING = "files to delete"


def delete_once_committed(keys: Iterable[str]) -> None:
    """Delete what is stored under these keys after the running transaction; where it is undone, all stay."""
    db.session().info.setdefault(_WAITING, []).extend(keys)


@event.listens_for(Session, "after_commit")
def _delete(session: Session) -> None:
    if not session.in_nested_transaction() and (keys := session.info.pop(_WAITING, None)):
        delete_files(keys)


@event.listens_for(Session, "after_soft_rollback")
def _keep(session: Session, _rolled_back: SessionTransaction) -> None:
    session.info.pop(_WAITING, None)
