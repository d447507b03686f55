"""What the worker clears away every hour."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cps.core import limits, upkeep
from cps.core.db import db, transaction
from cps.core.forms import spend_key, used_key
from cps.core.limits import Limit
from cps.core.models import LimitWindow
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")

TRIES = Limit("tries", 10, timedelta(hours=1))


def test_tries_of_two_days_ago_are_forgotten_and_newer_ones_are_kept(clock: Clock) -> None:
    limits.count(TRIES, "old", at=clock.now)
    clock.move(days=1)
    limits.count(TRIES, "new", at=clock.now)
    clock.move(days=1, hours=1)

    upkeep.run(clock.now)

    assert db.session.scalars(select(LimitWindow.bucket)).all() == ["tries:new"]


def test_a_form_sent_twice_within_a_month_is_still_known_and_after_it_no_more(clock: Clock) -> None:
    with transaction():
        spend_key("old", purpose="test", leads_to="there", at=clock.now)
        spend_key("new", purpose="test", leads_to="here", at=clock.now + timedelta(days=20))
    clock.move(days=31)

    upkeep.run(clock.now)

    assert (used_key("old"), used_key("new")) == (None, "here")


def test_a_worker_that_is_asked_to_stop_leaves_the_rest_to_the_next_hour(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, pieces = threading.Event(), []

    def one_of_many(at: datetime) -> bool:
        pieces.append(at)
        stop.set()
        return True

    monkeypatch.setattr(upkeep, "_hourly", [one_of_many])
    upkeep.run(clock.now, stop)

    assert len(pieces) == 1
