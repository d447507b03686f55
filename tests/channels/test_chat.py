"""Chat: reported, asked and answered over a real service on this machine that is sometimes not there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from cps.cases.reference import display
from cps.cases.rules import Audience, EventKind
from cps.cases.services.story import record
from cps.channels import chat_delivery, wire
from cps.channels.models import ChatMessage
from cps.channels.rules import WayKind
from cps.core import clock as real_clock
from cps.core import worker
from cps.core.db import db, transaction
from tests.channels.support import Gateway, cases, gateway, messages
from tests.support.factories import make_category
from tests.support.fixtures import Clock
from tests.support.sms_gateway import Phones, serving


@dataclass
class Service(Phones):
    """A chat service that checks who hands messages over."""

    shared: str = ""

    def take(self, headers: dict[str, str], body: dict[str, str]) -> int:
        """Take one request and return the status of the answer."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        time, shown = headers[wire.TIME_HEADER], headers[wire.SIGNATURE_HEADER]
        if not wire.is_signed(self.shared, time, raw, shown, at=real_clock.now()):
            return 401
        return super().take({**headers, "Authorization": f"Bearer {self.secret}"}, body)


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def chat(app: Flask, service: Service) -> Iterator[Gateway]:
    """A way of chat whose service runs."""
    chat_delivery._lines.clear()
    make_category("Something else", code="other")
    with serving(service) as url:
        parts = urlsplit(url)
        address = f"http://{parts.hostname}:{parts.port}/answers"
        way = gateway(app, WayKind.CHAT, "talk", answers_url=address)
        service.shared = way.secret
        yield way


def waiting() -> list[ChatMessage]:
    db.session.rollback()
    rows = db.session.scalars(db.select(ChatMessage).order_by(ChatMessage.id)).all()
    return [row for row in rows if row.done_at is None]


def test_a_chat_is_a_case_and_everything_about_it_goes_back_the_same_way(
    chat: Gateway, service: Service
) -> None:
    chat.hand("The lamp at the gate is out", sender="user-42")
    chat.hand("Another lamp is out", sender="user-43")
    worker.run_until_idle()
    case, _other = cases()
    with transaction():
        locked = db.session.merge(case)
        record(locked, EventKind.UPDATED, by=None, at=real_clock.now(), message="We come on Monday.")
        record(locked, EventKind.NOTED, by=None, at=real_clock.now(), message="x", audience=Audience.STAFF)
    worker.run_until_idle()

    told = [row["text"] for row in service.sent.values() if row["to"] == "user-42"]
    assert len(told) == 2
    assert display(case.reference) in told[0]
    assert "News from the city" in told[1]
    assert not db.session.scalar(db.select(ChatMessage).where(ChatMessage.text != ""))


def test_an_answer_by_chat_lands_in_the_case_of_who_wrote(chat: Gateway) -> None:
    chat.hand("The lamp at the gate is out", sender="user-42")
    (case,) = cases()

    chat.hand(f"{display(case.reference)} it is the second one", sender="user-42")
    chat.hand(f"{display(case.reference)} mine too", sender="user-43")

    assert [row.state.value for row in messages()] == ["landed", "joined", "answered"]


@pytest.mark.parametrize("trouble", [503, 500, 0])
def test_what_a_service_does_not_take_now_goes_later_under_the_same_key(
    chat: Gateway, service: Service, clock: Clock, trouble: int
) -> None:
    service.answers = [trouble]
    chat.hand("HELP", sender="user-42")
    worker.run_until_idle()
    assert len(waiting()) == 1

    clock.set_to(clock.now + timedelta(minutes=10))
    worker.run_until_idle()

    assert waiting() == []
    assert len({row["id"] for row in service.requests}) == 1
    assert len(service.sent) == 1


def test_what_a_service_will_never_take_is_laid_aside(chat: Gateway, service: Service) -> None:
    service.answers = [410]
    chat.hand("HELP", sender="user-42")
    worker.run_until_idle()

    (row,) = waiting()
    assert row.failed_at is not None
