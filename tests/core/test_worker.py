"""The worker: in one process by the test's clock, and as real processes that are stopped and killed."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update

from cps.core import audit, outbox, worker
from cps.core.db import db, transaction
from cps.core.leases import Turn
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.notifications.models import Message
from tests.notifications.mail_server import Mailbox, Server, serving
from tests.support.fixtures import Database

PATIENCE = 90.0
STOP_WITHIN = 30.0


def test_every_round_gets_its_turn(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def work(turn: Turn) -> int:
        seen.append(turn.owner)
        return 0

    monkeypatch.setattr(worker, "_rounds", [work, work])

    assert worker.run_once("somebody") == 0
    assert seen == ["somebody", "somebody"]


def test_a_round_that_fails_does_not_end_the_worker(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()

    def fail(_turn: Turn) -> int:
        stop.set()
        raise RuntimeError("a mistake")

    monkeypatch.setattr(worker, "_rounds", [fail])
    monkeypatch.setattr(worker, "TROUBLE_SECONDS", 0.0)

    worker.run(stop)

    assert stop.is_set()


def test_nothing_is_written_while_nothing_is_due(app: Flask, application: object) -> None:
    statements: list[str] = application.statements  # type: ignore[attr-defined]
    statements.clear()

    worker.run_once("somebody")

    assert {statement.split()[0] for statement in statements} <= {"SELECT", "BEGIN"}
    assert "BEGIN IMMEDIATE" not in statements
    assert len(statements) <= 24  # one or two for each kind of work, however many rows there are


Workers = list[subprocess.Popen[bytes]]


def wait_until(happened: Callable[[], bool], running: Workers) -> None:
    """Wait for what workers do; gives up when one of them ended, or after a long while."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        ended = [process for process in running if process.poll() is not None]
        assert not ended, ended[0].communicate()[1].decode()
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


@contextmanager
def workers(count: int, database: Database, **settings: str) -> Iterator[Workers]:
    """Run `cps worker` so many times at once; whoever is left at the end is killed."""
    command = [sys.executable, "-m", "cps", "worker"]
    running = [
        subprocess.Popen(command, env=database.environment(**settings), stderr=subprocess.PIPE)
        for _worker in range(count)
    ]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.communicate()


def state_codes(count: int) -> set[str]:
    """State that so many codes are wanted; returns the addresses."""
    now = datetime.now(UTC)
    wanted = {f"kim{number}@example.test" for number in range(count)}
    with transaction():
        for about, address in enumerate(sorted(wanted)):
            outbox.state(
                Fact.CODE_WANTED, about, at=now, address=address, code="123456", purpose="sign-in",
                language="en",
            )  # fmt: skip
    return wanted


OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def let_leases_end(database: Database) -> None:
    """Let the time pass after which the leases of killed workers end, once their last words are written."""
    if database.kind == "postgresql":
        wait_until(lambda: db.session.scalar(text(f"SELECT count(*) {OTHERS}")) == 0, [])
    past = datetime.now(UTC) - timedelta(seconds=1)
    with transaction() as session:
        for table in (OutboxFact, Message):
            held = update(table).where(table.done_at.is_(None), table.lease_until.is_not(None))
            session.execute(held.values(lease_until=past), execution_options={"synchronize_session": False})


def stop(running: Workers) -> None:
    """Ask workers to stop, as a service manager does; each must end well by itself."""
    for process in running:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(STOP_WITHIN) for process in running] == [0] * len(running)


@pytest.fixture
def box() -> Mailbox:
    return Mailbox(seconds=0.02)


@pytest.fixture
def server(box: Mailbox) -> Iterator[Server]:
    with serving(box) as running:
        yield running


def test_several_workers_do_each_piece_once(
    app: Flask, database: Database, box: Mailbox, server: Server
) -> None:
    wanted = state_codes(60)
    with transaction():
        audit.record("take-case", about=("case", 1), by=None, at=datetime.now(UTC))

    with workers(2, database, CPS_SMTP_URL=server.url) as running:
        wait_until(lambda: len(box.received) >= len(wanted) and is_chained(), running)
        stop(running)

    assert sorted(box.recipients) == sorted(wanted)
    assert audit.first_broken_link() is None


def is_chained() -> bool:
    db.session.rollback()
    return not audit.has_new_rows()


def test_killed_workers_lose_nothing_and_every_message_goes_out_under_one_number(
    app: Flask, database: Database, box: Mailbox, server: Server
) -> None:
    wanted = state_codes(60)
    with workers(2, database, CPS_SMTP_URL=server.url) as running:
        wait_until(lambda: len(box.received) >= 10, running)
        for process in running:
            process.kill()
    let_leases_end(database)

    with workers(1, database, CPS_SMTP_URL=server.url) as running:
        wait_until(lambda: set(box.recipients) == wanted, running)
        stop(running)

    number_of = dict(zip(box.recipients, box.ids(), strict=True))
    assert len(set(box.ids())) == len(wanted), "whoever gets a message twice can tell"
    assert all(
        number_of[address] == number for address, number in zip(box.recipients, box.ids(), strict=True)
    )
    assert len(box.received) <= len(wanted) + 2, "only the message at hand of each killed worker"
    db.session.rollback()
    assert db.session.scalars(db.select(Message.id).where(Message.done_at.is_(None))).all() == []


def test_a_worker_asked_to_stop_keeps_nothing_to_itself(
    app: Flask, database: Database, box: Mailbox, server: Server
) -> None:
    state_codes(60)
    with workers(1, database, CPS_SMTP_URL=server.url) as running:
        wait_until(lambda: len(box.received) >= 5, running)
        stop(running)

    db.session.rollback()
    written = db.session.scalars(db.select(Message)).all()
    assert sum(message.done_at is not None for message in written) == len(box.received)
    waiting = [*db.session.scalars(db.select(OutboxFact)), *written]
    left = {(row.lease_until, row.attempts) for row in waiting if row.done_at is None}
    assert left == {(None, 0)}


def test_a_database_that_is_gone_for_a_while_is_waited_for(
    app: Flask, database: Database, box: Mailbox, server: Server
) -> None:
    with workers(1, database, CPS_SMTP_URL=server.url) as (process,):
        state_codes(1)
        wait_until(lambda: len(box.received) == 1, [process])
        lose_the_database(database)
        wanted = state_codes(2)
        wait_until(lambda: set(box.recipients) == wanted, [process])
        stop([process])


def lose_the_database(database: Database) -> None:
    """Cut every connection of others, or keep the only lock for longer than anybody waits for it."""
    if database.kind == "postgresql":
        with transaction() as session:
            session.execute(text(f"SELECT pg_terminate_backend(pid) {OTHERS}"))
        return
    now = datetime.now(UTC)
    with transaction():
        audit.record("try-patience", about=("test", 1), by=None, at=now)
        db.session.flush()
        time.sleep(6)
