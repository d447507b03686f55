"""The trace of what staff do: append-only by the database, chained by the worker."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cps.core import audit, worker
from cps.core import clock as real_clock
from cps.core.db import db, transaction
from cps.core.models import AccessRow, AuditRow


def record(count: int = 1, action: str = "move-case", **changes: Any) -> None:
    with transaction():
        for number in range(count):
            audit.record(action, about=("case", number), by=None, at=real_clock.now(), changes=changes)
            db.session.flush()


def chain() -> int:
    with transaction():
        return audit.chain_new_rows()


def refuse(statement: str) -> None:
    with pytest.raises((IntegrityError, DBAPIError)), transaction() as session:
        session.execute(text(statement))
    db.session.rollback()


def test_rows_cannot_be_deleted(app: Flask) -> None:
    record(2)

    refuse("DELETE FROM audit")

    assert len(db.session.scalars(db.select(AuditRow)).all()) == 2


@pytest.mark.parametrize(
    "change", ["action = 'x'", "actor_id = 3", "object_id = '9'", "changes = '{}'", "at = '2020-01-01'"]
)
def test_rows_cannot_be_changed(app: Flask, change: str) -> None:
    record(status=["received", "closed"])
    refuse(f"UPDATE audit SET {change}")

    chain()
    refuse(f"UPDATE audit SET {change}")


def test_a_hash_once_written_cannot_be_changed(app: Flask) -> None:
    record()
    chain()

    refuse("UPDATE audit SET chain_hash = 'another'")


def test_the_worker_chains_new_rows_to_the_old_ones(app: Flask) -> None:
    record(3)
    worker.run_once("somebody")
    record(2, status=["received", "in-progress"], note=[None, "Größe 2.5"])
    worker.run_once("somebody")

    hashes = db.session.scalars(db.select(AuditRow.chain_hash).order_by(AuditRow.id)).all()
    assert len(set(hashes)) == 5
    assert None not in hashes
    assert audit.first_broken_link() is None
    assert not audit.has_new_rows()


def test_an_empty_trace_holds(app: Flask) -> None:
    assert not audit.has_new_rows()
    assert chain() == 0
    assert audit.first_broken_link() is None


def test_rows_are_chained_in_portions(app: Flask) -> None:
    record(5)

    with transaction():
        assert audit.chain_new_rows(limit=3) == 3
    assert audit.has_new_rows()
    assert chain() == 2
    assert audit.first_broken_link() is None


def without_triggers(statement: str) -> None:
    """Do what only somebody with all rights on the database could."""
    on_table = " ON audit" if db.engine.dialect.name == "postgresql" else ""
    with transaction() as session:
        for name in ("audit_no_update", "audit_no_delete"):
            session.execute(text(f"DROP TRIGGER {name}{on_table}"))
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("forgery", "broken"),
    [
        ("UPDATE audit SET action = 'take-case' WHERE object_id = '1'", 1),
        ("DELETE FROM audit WHERE object_id = '1'", 2),
        ("UPDATE audit SET chain_hash = NULL WHERE object_id = '1'", 1),
    ],
)
def test_a_forged_row_is_found(app: Flask, forgery: str, broken: int) -> None:
    record(4)
    chain()
    wanted = db.session.scalar(db.select(AuditRow.id).where(AuditRow.object_id == str(broken)))

    without_triggers(forgery)

    assert audit.first_broken_link() == wanted


def test_the_chain_waits_for_rows_that_are_being_written(app: Flask) -> None:
    """A row's number is given out before its transaction ends, so a higher one may be readable first."""
    if db.engine.dialect.name == "sqlite":
        with transaction():
            audit.record("first", about=("case", 1), by=None, at=real_clock.now())
            assert audit.chain_new_rows() == 1, "here the writer of a row is alone"
        return
    writing, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with app.app_context(), transaction():
            audit.record("slow", about=("case", 1), by=None, at=real_clock.now())
            db.session.flush()
            writing.set()
            go_on.wait(10)

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert writing.wait(10)
    record(action="quick")

    assert chain() == 0
    go_on.set()
    slow.join()
    assert chain() == 2
    assert audit.first_broken_link() is None


def test_looking_at_personal_data_leaves_a_row(app: Flask) -> None:
    with transaction():
        audit.record_access("opened-contact", by=1, at=real_clock.now(), subject_id=2, case_id=3)

    row = db.session.scalars(db.select(AccessRow)).one()
    assert (row.what, row.actor_id, row.subject_id, row.case_id) == ("opened-contact", 1, 2, 3)
