"""What came in is forgotten in time, and with whoever wrote it; that it came is still known."""

import pytest
from flask import Flask

from cps.cases.services.forgetting import anonymise_reporters
from cps.channels import services
from cps.channels.models import IncomingMessage
from cps.channels.rules import KEPT, WayKind
from cps.core import clock as real_clock
from cps.core.db import transaction
from cps.core.storage import NotStored, current_storage
from tests.channels.support import cases, gateway, messages
from tests.channels.test_mail import CITY, take
from tests.channels.test_mail_reading import written
from tests.support.factories import make_category
from tests.support.fixtures import Clock


@pytest.fixture(autouse=True)
def box(app: Flask) -> None:
    make_category("Something else", code="other")
    gateway(app, WayKind.MAIL, "post", address=CITY)


def is_blank(row: IncomingMessage) -> bool:
    return not (row.sender or row.sender_tag or row.text or row.subject or row.original_key or row.thread_id)


def test_words_and_mails_go_after_some_months_and_the_same_mail_is_still_known(clock: Clock) -> None:
    take(written())
    key = messages()[0].original_key
    clock.set_to(clock.now + KEPT)
    take(written("Newer", Message_ID="<new@example.org>"))
    clock.move(seconds=1)

    assert services.count_old(clock.now) == 1
    with transaction():
        assert services.forget_old(clock.now) is False

    assert [is_blank(row) for row in messages()] == [True, False]
    with pytest.raises(NotStored):
        current_storage().get(key)
    assert take(written()) == "taken"


def test_who_is_forgotten_with_a_case_is_forgotten_here(app: Flask) -> None:
    take(written())
    take(written("Another", Message_ID="<two@example.org>"))

    forgotten = [cases()[0].id]
    with transaction():
        anonymise_reporters(forgotten, at=real_clock.now())

    assert [is_blank(row) for row in messages()] == [True, False]
