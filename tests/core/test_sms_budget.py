"""Text messages have budgets by purpose, range of numbers, hour and day; and a list of countries."""

import logging

import pytest
from flask import Flask

from cps.core import city as cities
from cps.core import clock as now
from cps.core import sms_budget
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import City, LimitWindow, OutboxFact
from cps.core.sms_budget import BudgetSpent, SmsPurpose
from tests.support.fixtures import WEDNESDAY, Clock

ONE, NEIGHBOUR, ELSEWHERE = "+821012345678", "+821012345679", "+821099990000"


def take(phone: str, purpose: SmsPurpose = SmsPurpose.CODE) -> bool:
    """Take one from the budget; False where it is spent."""
    try:
        sms_budget.take(purpose, phone, city=cities.get(), at=now.now())
    except BudgetSpent:
        return False
    return True


def choose(**chosen: object) -> None:
    with transaction() as session:
        city = session.get_one(City, 1)
        city.settings = {**city.settings, "sms": chosen}


def budget(**codes: int) -> dict[str, dict[str, int]]:
    return {"code": {"hourly": 100, "daily": 100, "range_hourly": 100, "range_daily": 100, **codes}}


def test_a_spent_budget_gives_nothing_until_its_hour_is_over(app: Flask, clock: Clock) -> None:
    choose(budgets=budget(hourly=2))

    assert [take(ONE), take(ELSEWHERE), take(ELSEWHERE)] == [True, True, False]
    clock.move(hours=1)
    assert take(ONE)


def test_the_day_has_a_budget_of_its_own(app: Flask, clock: Clock) -> None:
    choose(budgets=budget(daily=2))
    for _hour in range(2):
        assert take(ONE)
        clock.move(hours=1)

    assert not take(ELSEWHERE)
    clock.move(days=1)
    assert take(ELSEWHERE)


def test_a_range_of_numbers_that_is_spent_spends_nothing_of_the_whole(app: Flask, clock: Clock) -> None:
    choose(budgets=budget(range_hourly=1, hourly=2))

    assert [take(ONE), take(NEIGHBOUR), take(NEIGHBOUR), take(ONE)] == [True, False, False, False]
    assert take(ELSEWHERE)


def test_purposes_do_not_spend_each_others_budgets(app: Flask, clock: Clock) -> None:
    choose(budgets=budget(hourly=0))

    assert not take(ONE)
    assert take(ONE, SmsPurpose.NEWS)


def test_a_country_that_is_not_listed_is_refused_and_spends_nothing(app: Flask, clock: Clock) -> None:
    with pytest.raises(RuleViolation, match="this country"):
        take("+84912345678")
    choose(countries=["KR", "VN"])

    assert take("+84912345678")
    counted = db.session.scalars(db.select(LimitWindow.bucket)).all()
    assert not any("+82" in bucket for bucket in counted)


def test_an_alarm_is_in_the_log_and_stated_once_in_its_window(
    app: Flask, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    choose(budgets=budget(hourly=1))
    with caplog.at_level(logging.WARNING):
        for _try in range(4):
            take(ONE)
    clock.move(hours=1)
    for _try in range(3):
        take(ONE)

    assert "a budget of text messages is spent: sms-code-hourly" in caplog.messages
    assert not any(ONE in message for message in caplog.messages)
    stated = db.session.scalars(db.select(OutboxFact).filter_by(fact="sms-budget-spent")).all()
    assert [row.payload for row in stated] == [{"budget": "sms-code-hourly"}] * 2


def test_what_is_counted_holds_no_whole_number(app: Flask, clock: Clock) -> None:
    take(ONE)

    buckets = db.session.scalars(db.select(LimitWindow.bucket)).all()
    assert len(buckets) == 4
    assert not any("5678" in bucket for bucket in buckets)


def test_budgets_hold_also_where_the_limits_of_visitors_are_off(app: Flask, clock: Clock) -> None:
    choose(budgets=budget(hourly=0))

    assert not app.extensions["cps_config"].rate_limits
    assert not take(ONE)
    assert clock.now == WEDNESDAY
