"""What administrators see of text messages, and what they may set."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from cps.core import city as cities
from cps.core import clock as real_clock
from cps.core import doctor, sms_budget
from cps.core.db import db
from cps.core.models import AuditRow
from cps.core.sms_budget import BudgetSpent, SmsPurpose
from cps.notifications.models import SmsDay
from tests.support import factories
from tests.support.fixtures import Clock
from tests.support.site import Site

ONE = "+821012345678"
SETTINGS = "/admin/sms/settings"


@pytest.fixture
def chief(site: Site) -> Site:
    return site.sign_in(factories.make_administrator())


def sent(day: date, messages: int, purpose: SmsPurpose = SmsPurpose.CODE, country: str = "KR") -> None:
    factories.save(
        SmsDay(
            day=day,
            purpose=purpose,
            country=country,
            messages=messages,
            segments=messages,
            cost_thousandths=messages * 9_500,
        )
    )


def finding(name: str) -> doctor.Finding:
    return next(found for found in doctor.examine(at=real_clock.now()) if found.name == name)


def test_todays_cost_is_shown_by_purpose_and_in_all(chief: Site) -> None:
    sent(date(2026, 11, 18), 10)
    sent(date(2026, 11, 18), 5, SmsPurpose.NEWS, "VN")
    sent(date(2026, 11, 17), 1_000)
    sent(date(2026, 10, 1), 7)

    page = chief.get("/admin/sms")

    cells = page.all("section:nth-of-type(1) tbody th, section:nth-of-type(1) tbody td")
    assert cells[:4] == ["Codes", "10", "10", "₩95"]
    assert cells[-4:] == ["All", "15", "15", "₩142"]
    days = page.all("section:nth-of-type(3) tbody th, section:nth-of-type(3) tbody td")
    assert (days[:2], days[4:6]) == (["18 Nov 2026", "15"], ["17 Nov 2026", "1,000"])
    assert len(days) == 8


def test_a_spent_budget_is_shown_and_the_doctor_says_so(chief: Site, clock: Clock) -> None:
    chief.submit(SETTINGS, form=SETTINGS, code_hourly="1")
    assert finding("SMS gateway").is_well
    sms_budget.take(SmsPurpose.CODE, ONE, city=cities.get(), at=real_clock.now())
    with pytest.raises(BudgetSpent):
        sms_budget.take(SmsPurpose.CODE, ONE, city=cities.get(), at=real_clock.now())

    assert chief.get("/admin/sms").has("A budget is spent")
    assert not finding("SMS gateway").is_well
    clock.move(hours=1)
    assert not chief.get("/admin/sms").has("A budget is spent")


def test_settings_are_kept_and_audited(chief: Site) -> None:
    page = chief.submit(
        SETTINGS, form=SETTINGS, countries="kr; vn , KR", price="9,5", news_daily="7", code_range_hourly="3"
    )

    assert page.has("Saved.")
    kept = sms_budget.settings_of(cities.get())
    assert (kept.countries, kept.price_thousandths) == (("KR", "VN"), 9_500)
    assert kept.budgets[SmsPurpose.NEWS].daily == 7
    assert kept.budgets[SmsPurpose.CODE].range_hourly == 3
    assert kept.budgets[SmsPurpose.CODE].hourly == 200
    (row,) = db.session.scalars(db.select(AuditRow).filter_by(action="set-sms")).all()
    assert row.changes["sms"][1]["countries"] == ["KR", "VN"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"countries": "Korea"},
        {"countries": " , "},
        {"price": "cheap"},
        {"price": "-1"},
        {"price": "NaN"},
        {"code_hourly": "-1"},
        {"news_daily": "1000001"},
        {"notice_daily": ""},
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_settings_that_mean_nothing_are_refused_and_change_nothing(
    chief: Site, wrong: dict[str, Any]
) -> None:
    before = sms_budget.settings_of(cities.get())

    page = chief.submit(SETTINGS, form=SETTINGS, **wrong)

    assert page.status == 422
    assert len(page.all(".error-summary a")) == 1
    assert sms_budget.settings_of(cities.get()) == before


def test_nobody_else_sees_the_costs(app: Flask, site: Site) -> None:
    for account in (factories.make_resident(), factories.make_officer(), factories.make_moderator()):
        site.sign_in(account)

        assert site.get("/admin/sms").status == 404
