"""What `cps doctor` says about messages."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from cps.config import Env
from cps.core import clock as real_clock
from cps.core import leases
from cps.core.doctor import Finding, examine
from cps.notifications.models import Message
from tests.notifications.test_delivery import make_messages
from tests.support.fixtures import Clock


def finding(app: Flask, name: str, **settings: Any) -> Finding:
    app.extensions["cps_config"] = replace(app.extensions["cps_config"], **settings)
    return next(found for found in examine(at=real_clock.now()) if found.name == name)


def test_the_mail_server_is_named_without_its_password(app: Flask) -> None:
    found = finding(app, "mail server", smtp_url="smtp://me:secret@mail.example?from=a@city.example")

    assert found.is_well
    assert found.text == "mail.example:587, TLS required, from a@city.example"


@pytest.mark.parametrize(("env", "is_well"), [(Env.DEMO, True), (Env.PRODUCTION, False)])
def test_only_production_needs_a_mail_server(app: Flask, env: Env, is_well: bool) -> None:
    assert finding(app, "mail server", env=env).is_well is is_well


def test_a_message_that_could_not_be_delivered_is_told_without_alarm(app: Flask, clock: Clock) -> None:
    (key,) = make_messages()
    leases.claim(Message, "somebody", limit=1)
    leases.postpone(Message, key, "somebody", "550 no such user", for_good=True)

    found = finding(app, "messages")

    assert found.is_well
    assert found.text == "0 waiting, 1 could not be delivered"


def test_late_messages_are_an_alarm(app: Flask, clock: Clock) -> None:
    make_messages(2)
    clock.move(minutes=30)

    assert not finding(app, "messages").is_well
