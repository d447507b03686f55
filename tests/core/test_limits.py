"""Limits: so many times in a window, for a bucket, whatever became of the act."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from cps.core import limits
from cps.core.db import db, transaction
from cps.core.errors import TooMany
from cps.core.limits import Limit
from cps.core.models import LimitWindow

THREE_AN_HOUR = Limit("sign-in", 3, timedelta(hours=1))
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def use(times: int, *, who: str = "device-1", at: datetime = NOON, limit: Limit = THREE_AN_HOUR) -> None:
    for _time in range(times):
        limits.count(limit, who, at=at)


def test_the_last_allowed_use_passes_and_the_next_is_refused(app: Flask) -> None:
    use(3)

    with pytest.raises(TooMany):
        use(1)


def test_a_refusal_says_after_how_many_seconds_to_come_back(app: Flask) -> None:
    use(3)

    with pytest.raises(TooMany) as refused:
        use(1, at=NOON + timedelta(minutes=20, seconds=5))

    assert refused.value.retry_after == 39 * 60 + 55


def test_the_next_window_begins_anew(app: Flask) -> None:
    use(3, at=NOON + timedelta(minutes=59))

    use(3, at=NOON + timedelta(minutes=60))


def test_others_and_other_limits_are_not_touched(app: Flask) -> None:
    use(3)

    use(3, who="device-2")
    use(3, limit=Limit("new-case", 3, timedelta(hours=1)))


def test_a_use_counts_even_when_the_act_fails_afterwards(app: Flask) -> None:
    use(2)
    db.session.rollback()

    assert db.session.scalar(db.select(LimitWindow.count)) == 2


def test_refused_tries_are_counted_too(app: Flask) -> None:
    for _try in range(5):
        try:
            use(1)
        except TooMany:
            continue

    assert db.session.scalar(db.select(LimitWindow.count)) == 5


def test_limits_that_are_off_count_nothing(app: Flask) -> None:
    for _time in range(9):
        limits.count(THREE_AN_HOUR, "device-1", at=NOON, enabled=False)

    assert db.session.scalars(db.select(LimitWindow)).all() == []


def test_old_windows_are_forgotten(app: Flask) -> None:
    use(1)
    use(1, at=NOON + timedelta(days=3))

    with transaction():
        assert limits.forget_before(NOON + timedelta(days=1)) == 1

    assert db.session.scalars(db.select(LimitWindow.window_start)).all() == [NOON + timedelta(days=3)]
