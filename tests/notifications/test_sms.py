"""Text messages leave over a real gateway that behaves as badly as real ones; requests never wait for it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from cps.core import clock as real_clock
from cps.core import upkeep, worker
from cps.core.db import db, transaction
from cps.core.errors import ConfigurationError
from cps.core.leases import LEASE, MOST_ATTEMPTS, Turn
from cps.core.models import City, OutboxFact
from cps.core.sms_budget import SmsPurpose
from cps.notifications import gateway, sms_delivery
from cps.notifications.delivery import Line
from cps.notifications.gateway import Gateway
from cps.notifications.models import Message, SmsDay, TextMessage
from tests.support import factories
from tests.support.fixtures import Clock
from tests.support.site import Site
from tests.support.sms_gateway import BREAK_OFF, Phones, hanging, serving

ONE = "+821012345678"


def make_texts(count: int = 1, **columns: Any) -> list[int]:
    now = real_clock.now()
    values: dict[str, Any] = {
        "purpose": SmsPurpose.NEWS,
        "phone": ONE,
        "language": "en",
        "text": "The lamp is on again.",
        "created_at": now,
        "run_at": now,
        **columns,
    }
    made = [TextMessage(**{"dedupe_key": f"test:{factories.number()}", **values}) for _ in range(count)]
    factories.save(*made)
    return [one.id for one in made]


def text(key: int) -> TextMessage:
    db.session.rollback()
    return db.session.get_one(TextMessage, key, populate_existing=True)


def deliver(owner: str = "somebody") -> int:
    return sms_delivery.deliver(Turn(owner))


def use(app: Flask, **settings: Any) -> None:
    app.extensions["cps_config"] = replace(app.extensions["cps_config"], **settings)


@pytest.fixture
def phones() -> Phones:
    return Phones()


@pytest.fixture
def running(app: Flask, phones: Phones) -> Iterator[str]:
    """A gateway that the application uses."""
    with serving(phones) as url:
        use(app, sms_url=url)
        yield url


def test_a_message_leaves_as_documented_and_nothing_personal_stays(running: str, phones: Phones) -> None:
    (key,) = make_texts(text="가로등을 고쳤습니다.")

    assert deliver() == 1

    (request,), (headers,) = phones.requests, phones.headers
    assert request == {
        "id": headers["Idempotency-Key"],
        "to": ONE,
        "from": "Testford",
        "text": "가로등을 고쳤습니다.",
        "alphabet": "ucs-2",
    }
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Authorization"] == "Bearer the-secret"
    sent = text(key)
    assert (sent.done_at, sent.phone, sent.text) == (real_clock.now(), "", "")


def test_a_sent_message_is_not_sent_again(running: str, phones: Phones) -> None:
    make_texts(3)

    assert (deliver(), deliver()) == (3, 0)
    assert len(phones.requests) == 3


def test_a_lost_answer_leads_to_the_same_key_and_to_one_message(
    running: str, phones: Phones, clock: Clock
) -> None:
    (key,) = make_texts()
    phones.answers = [BREAK_OFF]
    assert deliver() == 1
    assert text(key).done_at is None

    clock.move(minutes=6)
    deliver()

    assert len(phones.requests) == 2
    assert len(phones.sent) == 1
    assert text(key).done_at is not None


def test_a_gateway_that_knows_the_key_already_has_it(running: str, phones: Phones) -> None:
    (key,) = make_texts()
    phones.answers = [409]

    deliver()

    assert text(key).done_at is not None


@pytest.mark.parametrize("status", [400, 422])
def test_a_refused_message_is_laid_aside_and_the_others_leave(
    running: str, phones: Phones, status: int
) -> None:
    bad, good = make_texts(2)
    phones.answers = [status]

    deliver()

    assert text(bad).failed_at is not None
    assert text(bad).last_error.startswith(str(status))
    assert text(good).done_at is not None


@pytest.mark.parametrize("status", [301, 401, 404, 429, 502, 503])
def test_a_gateway_in_trouble_is_left_alone_and_the_message_leaves_once_afterwards(
    running: str, phones: Phones, clock: Clock, status: int
) -> None:
    first, second = make_texts(2)
    phones.answers = [status]

    assert deliver() == 1
    assert deliver() == 0, "the line is closed for a while"
    assert (text(second).attempts, text(second).lease_until) == (0, None)
    clock.move(minutes=6)
    deliver()

    assert [text(first).done_at, text(second).done_at] == [clock.now, clock.now]
    assert len(phones.sent) == 2


def test_a_message_that_cannot_pass_now_is_tried_with_growing_pauses_and_then_laid_aside(
    running: str, phones: Phones, clock: Clock
) -> None:
    (key,) = make_texts()
    phones.answers = [500] * MOST_ATTEMPTS
    for _try in range(MOST_ATTEMPTS):
        deliver()
        clock.move(hours=7)

    assert text(key).failed_at is not None
    assert phones.sent == {}


def test_no_gateway_at_all_holds_nothing_up(app: Flask, site: Site, clock: Clock, phones: Phones) -> None:
    use(app, sms_url="http://x@127.0.0.1:9/")

    page = site.submit(
        "/accounts/sign-in", button="Send me a code instead", email="010-1234-5678", password=""
    )
    assert page.path == "/accounts/code"
    worker.run_until_idle()
    assert phones.texts() == []
    with serving(phones) as url:
        use(app, sms_url=url)
        clock.move(minutes=6)
        worker.run_until_idle()

    assert len(phones.texts()) == 1


def test_a_gateway_that_hangs_holds_up_no_request_and_loses_nothing(
    app: Flask, site: Site, clock: Clock, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "TIMEOUT_SECONDS", 0.05)
    with hanging() as url:
        use(app, sms_url=url)
        page = site.submit(
            "/accounts/sign-in", button="Send me a code instead", email="010-1234-5678", password=""
        )
        assert page.path == "/accounts/code"
        worker.run_until_idle()
    with serving(phones) as url:
        use(app, sms_url=url)
        clock.move(minutes=6)
        worker.run_until_idle()

    assert len(phones.texts()) == 1


def test_two_workers_send_each_message_once(running: str, phones: Phones) -> None:
    make_texts(5)

    deliver("one")
    deliver("other")

    assert len(phones.requests) == 5


def test_a_killed_worker_loses_nothing(running: str, phones: Phones, clock: Clock) -> None:
    (key,) = make_texts(lease_until=real_clock.now() + LEASE, lease_owner="killed", attempts=1)

    assert deliver() == 0
    clock.move(seconds=LEASE.total_seconds() + 1)
    deliver()

    assert text(key).done_at is not None


def test_a_code_that_can_no_longer_be_used_is_not_paid_for(
    running: str, phones: Phones, clock: Clock
) -> None:
    (key,) = make_texts(purpose=SmsPurpose.CODE)
    clock.move(minutes=15)

    deliver()

    assert phones.requests == []
    assert text(key).failed_at is not None
    upkeep.run(clock.now)
    assert text(key).text == ""
    clock.move(days=91)
    upkeep.run(clock.now)
    assert db.session.scalars(db.select(TextMessage)).all() == []


def test_news_wait_where_their_budget_is_spent(running: str, phones: Phones, clock: Clock) -> None:
    choose(budgets={"news": {"hourly": 1}})
    first, second = make_texts(2)

    deliver()
    assert len(phones.sent) == 1
    assert (text(second).done_at, text(second).attempts) == (None, 0)
    clock.move(hours=1)
    deliver()

    assert text(first).done_at is not None
    assert text(second).done_at == clock.now


def test_one_number_gets_only_so_much_whoever_left_it_with_complaints(
    running: str, phones: Phones, clock: Clock
) -> None:
    flood, others = make_texts(30), make_texts(1, phone="+821087654321")

    for _hour in range(6):
        deliver()
        deliver()
        clock.move(hours=1)

    sent = [one["to"] for one in phones.sent.values()]
    assert (sent.count(ONE), sent.count("+821087654321")) == (20, 1)
    assert text(others[0]).done_at is not None
    assert {text(key).last_error for key in flood} == {"", "this number had all messages of its day"}


def test_what_was_sent_is_counted_with_its_price(running: str, phones: Phones) -> None:
    choose(price_thousandths=9_500)
    make_texts(2)
    make_texts(1, text="가" * 71, purpose=SmsPurpose.CODE)

    deliver()

    rows = {row.purpose: row for row in db.session.scalars(db.select(SmsDay))}
    news, codes = rows[SmsPurpose.NEWS], rows[SmsPurpose.CODE]
    assert (news.day.isoformat(), news.country) == ("2026-11-18", "KR")
    assert (news.messages, news.segments, news.cost_thousandths) == (2, 2, 19_000)
    assert (codes.messages, codes.segments, codes.cost_thousandths) == (1, 2, 19_000)


def test_without_a_gateway_the_demo_keeps_messages_in_its_mailbox(app: Flask, site: Site) -> None:
    (key,) = make_texts()

    assert deliver() == 1

    assert site.get("/demo/mailbox").has("The lamp is on again.")
    page = site.get(f"/demo/mailbox/text/{key}")
    assert page.has("The lamp is on again.")
    assert page.has("010-1234-5678")


def test_in_production_messages_wait_for_a_gateway(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    from cps.config import Env

    (key,) = make_texts()
    use(app, env=Env.PRODUCTION)

    assert deliver() == 0
    sms_delivery.warn_without_gateway(real_clock.now())

    assert text(key).done_at is None
    assert "1 text messages wait: no gateway is set (CPS_SMS_URL)" in caplog.messages


def test_administrators_are_told_once_that_a_budget_is_spent(running: str, phones: Phones) -> None:
    chief = factories.make_administrator(email="chief@testford.test")
    factories.make_moderator()
    choose(budgets={"news": {"hourly": 0}})
    make_texts(3)

    deliver()
    worker.run_until_idle()

    letters = db.session.scalars(db.select(Message).filter_by(account_id=chief.id)).all()
    assert [letter.subject for letter in letters] == ["A budget of text messages is spent"]
    assert db.session.query(Message).count() == 1


@pytest.mark.parametrize(
    "url",
    [
        "gateway",
        "ftp://x@gateway.example/",
        "http://x@gateway.example/",
        "https://",
        "https://x@[/",
        "https://x@h:a/",
    ],
)
def test_an_address_of_a_gateway_that_cannot_be_used_is_refused_in_words(url: str) -> None:
    with pytest.raises(ConfigurationError, match="CPS_SMS_URL"):
        Gateway.from_url(url)


def test_the_address_of_a_gateway_is_read_whole() -> None:
    found = Gateway.from_url("https://user:pa%40ss@gateway.example:8443/v1/sms?project=7&from=City%20Hall")

    assert (found.host, found.port, found.path) == ("gateway.example", 8443, "/v1/sms?project=7")
    assert (found.sender, found.secret, found.uses_tls) == ("City Hall", "user:pa@ss", True)
    assert "pa@ss" not in repr(found)


def test_the_line_to_a_gateway_closes_for_growing_pauses(clock: Clock) -> None:
    line = Line()
    line.failed(clock.now)
    assert line.is_closed(clock.now + timedelta(seconds=4))
    line.works()
    assert not line.is_closed(clock.now)


def test_no_code_stands_in_the_outbox_once_its_message_is_written(running: str, site: Site) -> None:
    site.submit("/accounts/sign-in", button="Send me a code instead", email="010-1234-5678", password="")
    worker.run_until_idle()

    assert all(row.payload == {} for row in db.session.scalars(db.select(OutboxFact)))
    kept = db.session.scalars(db.select(TextMessage)).all()
    assert "is your code" not in json.dumps([row.text for row in kept])


def choose(**chosen: object) -> None:
    with transaction() as session:
        city = session.get_one(City, 1)
        city.settings = {**city.settings, "sms": chosen}
