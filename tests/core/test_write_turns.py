"""Writers of SQLite wait for each other, one after another, and not for ever."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from cps.core import db as core_db
from cps.core.db import db, transaction
from cps.departments.models import Department
from tests.support.fixtures import Database

SHORT = 50
"""Milliseconds after which a writer gives up here."""


@contextmanager
def written_elsewhere(database: Database) -> Iterator[sqlite3.Connection]:
    """Let another program write to the database, until the block ends or it rolls back itself."""
    with closing(sqlite3.connect(database.url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def write(code: str) -> None:
    with transaction() as session:
        session.add(Department(code=code, name={"en": code}))


def is_written(code: str) -> bool:
    db.session.rollback()
    return db.session.scalar(db.select(Department.id).filter_by(code=code)) is not None


def test_a_writer_waits_until_another_program_has_written(app: Flask, database: Database) -> None:
    if database.kind != "sqlite":
        return
    began = threading.Event()

    def wait_and_write() -> None:
        with app.app_context():
            began.set()
            write("patient")

    with written_elsewhere(database) as other:
        writer = threading.Thread(target=wait_and_write)
        writer.start()
        began.wait()
        early = is_written("patient")
        other.rollback()
        writer.join()

    assert not early
    assert is_written("patient")


@pytest.mark.usefixtures("app")
def test_a_writer_gives_up_after_its_time_and_later_ones_have_theirs(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.kind != "sqlite":
        return
    with written_elsewhere(database):
        monkeypatch.setattr(core_db, "BUSY_TIMEOUT_MS", SHORT)
        with pytest.raises(OperationalError, match="locked"):
            write("late")
        monkeypatch.undo()
    write("next")

    assert not is_written("late")
    assert is_written("next")


def test_a_thread_that_fails_to_write_lets_the_next_one_in(app: Flask, database: Database) -> None:
    if database.kind != "sqlite":
        return

    def fail() -> None:
        with app.app_context(), pytest.raises(ZeroDivisionError), transaction():
            raise ZeroDivisionError

    failing = threading.Thread(target=fail)
    failing.start()
    failing.join()
    write("next")

    assert is_written("next")
