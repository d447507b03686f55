"""Files that go with their rows: old ones after the commit, new ones where the transaction is undone."""

from collections.abc import Iterable

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from cps.core.db import db
from cps.core.storage import delete_files

_WAITING = "files to delete"
_NEW = "files of rows that may come to nothing"


def delete_once_committed(keys: Iterable[str]) -> None:
    """Delete what is stored under these keys after the running transaction; where it is undone, all stay."""
    db.session().info.setdefault(_WAITING, []).extend(keys)


def delete_unless_committed(keys: Iterable[str]) -> None:
    """Delete what was just stored under these keys where the running transaction is undone."""
    db.session().info.setdefault(_NEW, []).extend(keys)


@event.listens_for(Session, "after_commit")
def _delete(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info.pop(_NEW, None)
    if keys := session.info.pop(_WAITING, None):
        delete_files(keys)


@event.listens_for(Session, "after_soft_rollback")
def _keep(session: Session, rolled_back: SessionTransaction) -> None:
    session.info.pop(_WAITING, None)
    if not rolled_back.nested and (keys := session.info.pop(_NEW, None)):
        delete_files(keys)
