"""The round in which messages leave, over a real mail server that behaves as badly as real ones."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from cps.config import Env
from cps.core import clock as real_clock
from cps.core import leases, upkeep, worker
from cps.core.db import db, transaction
from cps.core.leases import LEASE, MOST_ATTEMPTS, Turn
from cps.notifications import delivery, mail, queries
from cps.notifications.models import Message
from cps.notifications.rules import MessageChannel
from tests.notifications.mail_server import Mailbox, Server, free_port, hanging, serving, smtp_url
from tests.support import factories
from tests.support.fixtures import Clock


def make_messages(count: int = 1, **columns: Any) -> list[int]:
    now = real_clock.now()
    values: dict[str, Any] = {
        "channel": MessageChannel.MAIL,
        "language": "en",
        "subject": "News",
        "body_text": "The lamp is on again.",
        "body_html": "<p>The lamp is on again.</p>",
        "created_at": now,
        "run_at": now,
        **columns,
    }
    numbers = [factories.number() for _ in range(count)]
    with transaction() as session:
        session.add_all(
            Message(**{"address": f"kim{n}@example.test", "dedupe_key": f"test:{n}", **values})
            for n in numbers
        )
    return list(db.session.scalars(db.select(Message.id).order_by(Message.id)))


def message(key: int) -> Message:
    db.session.rollback()
    return db.session.get_one(Message, key, populate_existing=True)


def deliver(turn: Turn | None = None) -> int:
    return delivery.deliver(turn or Turn("somebody"))


def use(app: Flask, **settings: Any) -> None:
    app.extensions["cps_config"] = replace(app.extensions["cps_config"], **settings)


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(app: Flask, box: Mailbox) -> Iterator[Server]:
    """A mail server that the application uses."""
    with serving(box) as running:
        use(app, smtp_url=running.url)
        yield running


def test_a_message_leaves_and_nothing_personal_stays(server: Server, box: Mailbox) -> None:
    (key,) = make_messages(unsubscribe_url="http://localhost/stop")

    assert deliver() == 1

    assert box.subjects() == ["News"]
    sent = message(key)
    assert sent.done_at == real_clock.now()
    left = (sent.address, sent.subject, sent.body_text, sent.body_html, sent.unsubscribe_url)
    assert left == ("", "", "", "", "")


def test_a_sent_message_is_not_sent_again(server: Server, box: Mailbox) -> None:
    make_messages(3)

    assert (deliver(), deliver()) == (3, 0)
    assert len(box.received) == 3


def test_one_connection_carries_a_whole_round(server: Server, box: Mailbox) -> None:
    make_messages(20)

    deliver()

    assert len(box.received) == 20
    assert box.connections == 1


def test_messages_about_one_case_stand_together_and_others_do_not(server: Server, box: Mailbox) -> None:
    case, other = factories.make_complaint(), factories.make_complaint()
    make_messages(2, case_id=case.id)
    make_messages(1, case_id=other.id)
    make_messages(1)

    deliver()

    threads = sorted(str(mail["References"]) for mail in box.received)
    assert len(set(threads)) == 3
    assert threads[-1] == "None"


def test_codes_go_out_before_thousands_of_followers(
    server: Server, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MESSAGES_AT_ONCE", 5)
    case = factories.make_complaint()
    make_messages(30, case_id=case.id)
    make_messages(1, subject="Your code")

    deliver()

    assert box.subjects()[0] == "Your code"
    assert len(box.received) == 5


def test_a_message_the_server_does_not_want_now_is_sent_once_later(
    server: Server, box: Mailbox, clock: Clock
) -> None:
    box.answers["RCPT"] = ["450 4.2.0 greylisted", ""]
    shy, other = make_messages(2)

    deliver()
    assert len(box.received) == 1
    assert message(shy).last_error == "450 4.2.0 greylisted"
    assert message(other).done_at is not None
    assert deliver() == 0, "it pauses"

    clock.move(seconds=5)
    deliver()
    assert len(set(box.ids())) == 2


def test_a_message_the_server_never_takes_is_laid_aside_at_once(
    server: Server, box: Mailbox, clock: Clock
) -> None:
    box.answers["RCPT"] = ["550 5.1.1 no such user"]
    wrong, _right = make_messages(2)

    deliver()
    clock.move(days=1)
    deliver()

    assert len(box.received) == 1
    assert message(wrong).failed_at is not None
    assert message(wrong).last_error == "550 5.1.1 no such user"
    assert message(wrong).attempts == 1
    assert queries.counts(clock.now).failed == 1


def test_a_message_that_cannot_be_written_is_laid_aside_and_the_next_one_leaves(
    server: Server, box: Mailbox
) -> None:
    (forged,) = make_messages(subject="News\r\nBcc: everybody@example.test")
    make_messages()

    deliver()

    assert len(box.recipients) == 1
    assert "everybody@example.test" not in box.recipients
    assert message(forged).failed_at is not None


def test_a_message_refused_for_days_is_laid_aside_in_the_end(
    server: Server, box: Mailbox, clock: Clock
) -> None:
    box.answers["DATA"] = ["451 4.3.0 disk full"] * 50
    (key,) = make_messages()

    for _round in range(MOST_ATTEMPTS + 5):
        deliver()
        clock.move(hours=7)

    assert message(key).attempts == MOST_ATTEMPTS
    assert message(key).failed_at is not None


def test_when_nobody_listens_messages_wait_untouched_and_go_out_once_afterwards(
    app: Flask, box: Mailbox, clock: Clock
) -> None:
    port = free_port()
    use(app, smtp_url=smtp_url(port))
    keys = make_messages(3)

    for _hour in range(50):
        deliver()
        clock.move(hours=1)
    assert [message(key).attempts for key in keys] == [0, 0, 0]
    assert queries.counts(clock.now) == leases.Counts(waiting=3, late=3, failed=0)

    with serving(box, port):
        deliver()
    assert len(box.received) == 3
    assert queries.counts(clock.now) == leases.Counts(waiting=0, late=0, failed=0)


def test_a_server_that_cannot_be_reached_is_left_alone_for_a_growing_pause(
    app: Flask, box: Mailbox, clock: Clock
) -> None:
    port = free_port()
    use(app, smtp_url=smtp_url(port))
    make_messages()
    deliver()

    with serving(box, port):
        clock.move(seconds=4)
        deliver()
        assert box.connections == 0
        clock.move(seconds=1)
        deliver()
        assert len(box.received) == 1


def test_pauses_grow_to_five_minutes_and_a_clock_set_back_does_not_lengthen_them() -> None:
    line, now = delivery.Line(), real_clock.now()
    pauses = []
    for _failure in range(9):
        line.failed(now)
        assert line.closed_until
        pauses.append((line.closed_until - now).total_seconds())

    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert line.is_closed(now)
    assert not line.is_closed(now - timedelta(hours=1))
    line.works()
    assert not line.is_closed(now)


def test_a_silent_server_holds_up_only_its_own_messages(
    app: Flask, box: Mailbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.3)
    keys = make_messages(2)
    with hanging() as port:
        use(app, smtp_url=smtp_url(port))
        deliver()
        assert deliver() == 0, "the line is closed: nothing is tried"
    assert [message(key).attempts for key in keys] == [0, 0]

    clock.move(seconds=5)
    with serving(box, port):
        deliver()
    assert len(box.received) == 2


def test_when_the_line_breaks_the_message_at_hand_is_repeated_under_the_same_number(
    server: Server, box: Mailbox, clock: Clock
) -> None:
    """Nobody knows whether the server kept it, so it is sent again; who receives both can tell."""
    box.break_after = 1
    keys = make_messages(3)

    assert deliver() == 1
    assert [message(key).attempts for key in keys] == [1, 0, 0]
    clock.move(seconds=5)
    deliver()

    assert len(box.received) == 4
    assert len(set(box.ids())) == 3


def test_a_worker_asked_to_stop_gives_back_what_it_has_not_sent(server: Server, box: Mailbox) -> None:
    keys = make_messages(5)
    turn = Turn("somebody")
    turn.stop.set()

    assert deliver(turn) == 0

    assert box.received == []
    assert [(message(key).lease_until, message(key).attempts) for key in keys] == [(None, 0)] * 5


def test_a_turn_that_is_over_ends_after_one_message(server: Server, box: Mailbox) -> None:
    make_messages(5)

    assert deliver(Turn("somebody", ends=time.monotonic())) == 1


def test_the_messages_of_a_killed_worker_leave_when_its_lease_ends(
    server: Server, box: Mailbox, clock: Clock
) -> None:
    make_messages(2)
    leases.claim(Message, "killed", limit=5)

    assert deliver() == 0
    clock.move(seconds=LEASE.total_seconds())
    assert deliver() == 2


def test_without_a_mail_server_the_demo_keeps_messages_in_its_mailbox(app: Flask) -> None:
    (due,) = make_messages()
    (_due, later) = make_messages(run_at=real_clock.now() + timedelta(minutes=1))

    assert deliver() == 1

    assert message(due).done_at is not None
    assert message(due).body_text == "The lamp is on again."
    assert message(later).done_at is None


def test_without_a_mail_server_messages_wait_in_production(app: Flask, clock: Clock) -> None:
    use(app, env=Env.PRODUCTION)
    (key,) = make_messages()

    worker.run_once("somebody")
    clock.move(hours=1)

    assert message(key).done_at is None
    assert message(key).attempts == 0
    assert queries.counts(clock.now).late == 1


def test_the_worker_says_each_hour_that_messages_wait_for_a_mail_server(
    app: Flask, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    upkeep.run(clock.now)
    use(app, env=Env.PRODUCTION)
    upkeep.run(clock.now)
    assert caplog.messages == [], "nothing waits"

    make_messages(2)
    upkeep.run(clock.now)

    assert caplog.messages == ["2 messages wait: no mail server is set (CPS_SMTP_URL)"]


def test_messages_sent_three_months_ago_are_forgotten(server: Server, clock: Clock) -> None:
    make_messages()
    deliver()
    clock.move(days=91)
    (_old, fresh) = make_messages()

    upkeep.run(clock.now)

    assert db.session.scalars(db.select(Message.id)).all() == [fresh]


def test_sending_a_message_costs_two_statements_of_its_own(
    server: Server, application: Any, box: Mailbox
) -> None:
    make_messages(10)
    application.statements.clear()

    deliver()

    about_messages = [s.split()[0] for s in application.statements if "message" in s]
    assert about_messages.count("UPDATE") == 10
    assert len(about_messages) <= 10 + 7
