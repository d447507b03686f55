"""Honest transactions on both databases."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from cps.accounts.models import Account
from cps.core import clock
from cps.core.db import WriteOutsideTransaction, db, transaction
from cps.core.models import City, LimitWindow
from cps.departments.models import Department
from tests.support import factories
from tests.support.fixtures import Clock, Database

pytestmark = pytest.mark.usefixtures("app")
WORKERS = 6
TIMES = 10


def names() -> set[str]:
    return set(db.session.scalars(db.select(Department.code)))


def department(code: str) -> Department:
    return Department(code=code, name={"en": code})


def test_all_of_a_transaction_is_kept() -> None:
    with transaction() as session:
        session.add_all([department("parks"), department("water")])

    assert {"parks", "water"} <= names()


def test_nothing_of_a_failed_transaction_is_kept() -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail("parks")

    assert "parks" not in names()


def test_a_row_flushed_outside_a_transaction_is_refused() -> None:
    db.session.add(department("parks"))

    with pytest.raises(WriteOutsideTransaction):
        db.session.flush()
    db.session.rollback()


def test_a_changed_row_outside_a_transaction_is_refused() -> None:
    city = db.session.get_one(City, 1)
    city.phone = "1"

    with pytest.raises(WriteOutsideTransaction):
        db.session.scalars(db.select(Department)).all()
    db.session.rollback()


def test_a_statement_that_changes_rows_outside_a_transaction_is_refused() -> None:
    with pytest.raises(WriteOutsideTransaction):
        db.session.execute(update(City).values(phone="1"))


def test_what_was_read_before_a_transaction_is_read_anew_inside() -> None:
    city = db.session.get_one(City, 1)
    before = city.phone
    change_elsewhere("UPDATE city SET phone = 'new'")

    with transaction():
        seen = city.phone

    assert (before, seen) == ("+82 59-555-0100", "new")


def test_a_reader_does_not_see_an_unfinished_transaction(app: Flask) -> None:
    seen: list[set[str]] = []

    def look() -> None:
        with app.app_context():
            seen.append(names())

    with transaction() as session:
        session.add(department("parks"))
        session.flush()
        in_thread(look)

    assert "parks" not in seen[0]


def test_no_count_is_lost_when_many_write_at_once(app: Flask, clock: Clock) -> None:
    with transaction() as session:
        session.add(LimitWindow(bucket="many", window_start=clock.now, count=0))
    trouble: list[Exception] = []

    def write() -> None:
        try:
            with app.app_context():
                for _ in range(TIMES):
                    with transaction() as session:
                        row = session.scalars(
                            db.select(LimitWindow).filter_by(bucket="many").with_for_update()
                        ).one()
                        row.count += 1
        except Exception as error:  # noqa: BLE001 - told in the test's own thread
            trouble.append(error)

    threads = [threading.Thread(target=write) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert trouble == []
    db.session.rollback()
    assert db.session.scalars(db.select(LimitWindow.count).filter_by(bucket="many")).one() == WORKERS * TIMES


def test_a_moment_comes_back_the_same_in_utc() -> None:
    seoul = timezone(timedelta(hours=9))
    account = factories.make_account(created_at=datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=seoul))

    db.session.expire_all()

    assert account.created_at == datetime(2026, 2, 28, 23, 30, 0, 123456, tzinfo=UTC)
    assert account.created_at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(Exception, match="without a zone"):
        factories.make_account(created_at=datetime(2026, 3, 1, 8, 30))  # noqa: DTZ001 - the very point


def test_moments_are_compared_whatever_their_zone() -> None:
    early = factories.make_account(created_at=clock.now() - timedelta(seconds=1))
    factories.make_account(created_at=clock.now())
    limit = clock.now().astimezone(timezone(timedelta(hours=-5)))

    found = db.session.scalars(db.select(Account.id).where(Account.created_at < limit)).all()

    assert found == [early.id]


def test_an_enum_is_stored_by_its_value_and_nothing_else_fits() -> None:
    account = factories.make_account()

    stored = db.session.scalar(text("SELECT state FROM account WHERE id = :id"), {"id": account.id})

    assert stored == "active"
    with pytest.raises(IntegrityError):
        change_elsewhere("UPDATE account SET state = 'asleep'")


def test_foreign_keys_hold() -> None:
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(text("INSERT INTO staff (account_id, department_id) VALUES (777, 777)"))


def test_two_who_saw_the_same_version_do_not_overwrite_each_other() -> None:
    with pytest.raises(StaleDataError):
        change_after_somebody_else()

    assert db.session.get_one(City, 1).phone == "+82 59-555-0100"


def test_sqlite_waits_for_other_writers_and_survives_a_loss_of_power(database: Database) -> None:
    if database.kind != "sqlite":
        assert db.session.scalar(text("SHOW synchronous_commit")) == "on"
        return
    values = {name: db.session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}

    assert values == {"journal_mode": "wal", "synchronous": 2}
    assert db.session.scalar(text("PRAGMA foreign_keys")) == 1


def write_and_fail(code: str) -> None:
    with transaction() as session:
        session.add(department(code))
        session.flush()
        raise ZeroDivisionError


def change_after_somebody_else() -> None:
    with transaction() as session:
        city = session.get_one(City, 1)
        session.execute(text("UPDATE city SET version = version + 1"))
        city.phone = "mine"


def change_elsewhere(statement: str) -> None:
    """Change something over another connection."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def in_thread(work: object) -> None:
    thread = threading.Thread(target=work)  # type: ignore[arg-type]
    thread.start()
    thread.join()
