"""What text messages may cost: so many an hour and a day for each purpose, and for each range of numbers.

Text messages are paid for, and whoever earns at the other end can make a form send thousands of them. So each
one is counted before it is promised: within its range of ten thousand numbers, then within its purpose. The
counts are rows of `limit_window`, and are kept also where the limits of visitors are off.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import IntegrityError

from cps.core import limits, outbox
from cps.core.city import CityFacts
from cps.core.db import transaction
from cps.core.errors import RuleViolation, TooMany
from cps.core.i18n import gettext as _
from cps.core.limits import Limit
from cps.core.outbox import Fact
from cps.core.phone import country_of

log = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SETTING = "sms"
"""Under this name the settings of the city keep what administrators chose."""

EVERYBODY = "all"
RANGE_DIGITS = 4
"""Numbers that differ in these last digits only are one range."""


class SmsPurpose(StrEnum):
    """What a text message is for."""

    CODE = "code"
    NEWS = "news"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Budget:
    """How many messages of a purpose may leave: in all and to one range of numbers, an hour and a day."""

    hourly: int
    daily: int
    range_hourly: int
    range_daily: int


BUDGETS: Mapping[SmsPurpose, Budget] = {
    SmsPurpose.CODE: Budget(200, 1_000, 20, 60),
    SmsPurpose.NEWS: Budget(500, 3_000, 40, 150),
    SmsPurpose.NOTICE: Budget(100, 500, 10, 30),
}
"""What a city has that chose nothing else."""


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """What the city chose: countries, budgets, and the price of a segment in thousandths of its currency."""

    countries: tuple[str, ...]
    price_thousandths: int = 0
    budgets: Mapping[SmsPurpose, Budget] = field(default_factory=lambda: BUDGETS)


class BudgetSpent(TooMany):
    """No message of this purpose can leave for now; `name` is the budget that is spent, without a number."""

    def __init__(self, message: str, retry_after: int, name: str) -> None:
        super().__init__(message, retry_after)
        self.name = name


def settings_of(city: CityFacts) -> SmsSettings:
    """Return what a city chose, else what a city has that chose nothing."""
    chosen: dict[str, Any] = city.settings.get(SETTING) or {}
    totals = chosen.get("budgets") or {}
    return SmsSettings(
        countries=tuple(chosen.get("countries") or (city.country,)),
        price_thousandths=int(chosen.get("price_thousandths") or 0),
        budgets={purpose: _budget(purpose, totals.get(purpose.value)) for purpose in SmsPurpose},
    )


def _budget(purpose: SmsPurpose, chosen: Mapping[str, int] | None) -> Budget:
    usual = BUDGETS[purpose]
    if not chosen:
        return usual
    return Budget(**{f.name: int(chosen.get(f.name, getattr(usual, f.name))) for f in fields(Budget)})


def refuse_country(phone: str, settings: SmsSettings) -> None:
    """Raise RuleViolation for a number of a country to which this city sends no text messages."""
    if country_of(phone) not in settings.countries:
        raise RuleViolation(
            _("We cannot send text messages to numbers of this country. Use an e-mail address instead.")
        )


def take(purpose: SmsPurpose, phone: str, *, city: CityFacts, at: datetime) -> None:
    """Count one message to a number before it is promised, in transactions of its own.

    Raises RuleViolation for a country that is not on the city's list, and BudgetSpent where a budget is; then
    an alarm is in the log, and administrators are told once in each window.
    """
    settings = settings_of(city)
    refuse_country(phone, settings)
    for limit, who in _limits(purpose, phone, settings.budgets[purpose]):
        try:
            limits.count(limit, who, at=at)
        except TooMany as spent:
            _alarm(limit, at)
            raise BudgetSpent(
                _(
                    "We cannot send text messages at the moment. Use your e-mail address, or come to the"
                    " city’s counter. To report a problem you need no code."
                ),
                spent.retry_after,
                limit.name,
            ) from None


def limits_of(purpose: SmsPurpose, budget: Budget) -> tuple[Limit, Limit, Limit, Limit]:
    """Return the limits of a purpose: for a range of numbers an hour and a day, then for all."""
    return (
        Limit(f"{SETTING}-{purpose}-range-hourly", budget.range_hourly, HOUR),
        Limit(f"{SETTING}-{purpose}-range-daily", budget.range_daily, DAY),
        Limit(f"{SETTING}-{purpose}-hourly", budget.hourly, HOUR),
        Limit(f"{SETTING}-{purpose}-daily", budget.daily, DAY),
    )


def _limits(purpose: SmsPurpose, phone: str, budget: Budget) -> list[tuple[Limit, str]]:
    """Return what a message is counted in, the narrowest first: a spent range spends nothing of the whole."""
    numbers = f"{phone[:-RANGE_DIGITS]}{'x' * RANGE_DIGITS}"
    range_hourly, range_daily, hourly, daily = limits_of(purpose, budget)
    return [(range_hourly, numbers), (range_daily, numbers), (hourly, EVERYBODY), (daily, EVERYBODY)]


def _alarm(limit: Limit, at: datetime) -> None:
    """Say in the log that a budget is spent, and state it once in its window."""
    log.warning("a budget of text messages is spent: %s", limit.name)
    with suppress(IntegrityError), transaction():
        key = f"{limit.name}:{limits.window_of(limit, at).isoformat()}"
        outbox.state(Fact.SMS_BUDGET_SPENT, 0, at=at, dedupe_key=key, budget=limit.name)
