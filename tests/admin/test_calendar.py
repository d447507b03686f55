"""The working calendar: hours as they are typed, what they make of a promise, holidays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier

import pytest

from cps.admin.forms.calendar import NotHours, read_hours
from cps.departments import queries
from cps.departments.specs import Stretch
from tests.support.factories import make_administrator, make_category, make_complaint
from tests.support.fixtures import WEDNESDAY
from tests.support.site import Site

CALENDAR = "/admin/calendar"


def test_hours_are_read_as_they_are_typed() -> None:
    morning, evening = Stretch(2, time(9), time(12)), Stretch(2, time(13), time(18, 30))

    assert read_hours(2, "9:00-12:00, 13:00 – 18:30") == [morning, evening]
    assert read_hours(2, " ") == []


@pytest.mark.parametrize("written", ["all day", "9-12", "09:00-25:00", "09:00-12:00;13:00-18:00"])
def test_what_is_no_list_of_hours_is_refused(written: str) -> None:
    with pytest.raises(NotHours):
        read_hours(0, written)


def test_a_week_is_looked_at_then_saved(site: Site) -> None:
    site.sign_in(make_administrator(display_name="Ada"))
    before = [(row.weekday, row.closes) for row in queries.opening_hours()]

    looked = site.submit(CALENDAR, form=f"{CALENDAR}/week", button="Look at it first", day_5="10:00-14:00")
    assert "Nothing is saved yet" in looked.text
    assert [(row.weekday, row.closes) for row in queries.opening_hours()] == before

    page = site.submit(looked, form=f"{CALENDAR}/week", button="Save the hours", day_5="10:00-14:00")

    assert (5, time(14)) in [(row.weekday, row.closes) for row in queries.opening_hours()]
    assert "Saturday 10:00-14:00" in page.text
    assert "Ada" in page.text


def test_hours_that_cannot_be_read_or_overlap_are_refused_and_kept(site: Site) -> None:
    site.sign_in(make_administrator())

    for wrong in ("from nine", "09:00-12:00, 11:00-18:00"):
        page = site.submit(CALENDAR, form=f"{CALENDAR}/week", button="Save the hours", day_0=wrong)
        assert page.status == 422
        assert page.form(f"{CALENDAR}/week").value("day_0") == wrong


def test_a_holiday_is_entered_and_taken_away(site: Site) -> None:
    site.sign_in(make_administrator())
    enter, remove = f"{CALENDAR}/holidays", f"{CALENDAR}/holidays/remove"

    page = site.submit(CALENDAR, form=enter, day="2026-12-25", name_en="Christmas Day")
    assert "Christmas Day" in page.text
    assert [row.day for row in queries.holidays()] == [date(2026, 12, 25)]

    site.submit(page, form=remove)

    assert not queries.holidays()


def test_hours_that_somebody_changed_meanwhile_are_saved_after_a_second_look(site: Site) -> None:
    site.sign_in(make_administrator())
    before, week = site.get(CALENDAR), f"{CALENDAR}/week"
    site.submit(CALENDAR, form=week, button="Save the hours", day_5="10:00-14:00")

    page = site.submit(before, form=week, button="Save the hours", day_6="11:00-12:00")

    assert (page.status, "Somebody changed this meanwhile" in page.text) == (409, True)
    assert page.form(week).value("day_6") == "11:00-12:00"
    assert 6 not in {row.weekday for row in queries.opening_hours()}
    site.submit(page, form=week, button="Save the hours")
    assert 6 in {row.weekday for row in queries.opening_hours()}


def test_a_day_that_is_over_is_no_holiday_to_enter(site: Site) -> None:
    site.sign_in(make_administrator())

    page = site.submit(CALENDAR, form=f"{CALENDAR}/holidays", day="2020-01-01", name_en="Long ago")

    assert (page.status, "This day is over." in page.text) == (422, True)
    assert not queries.holidays()


def test_other_hours_are_tried_on_the_complaints_of_last_month(site: Site) -> None:
    category = make_category(service_time=1)
    for number in range(3):
        make_complaint(category=category, at=WEDNESDAY - timedelta(days=7 + number))
    make_complaint(category=category, at=WEDNESDAY - timedelta(days=90))
    site.sign_in(make_administrator())

    closed = {f"day_{day}": "" for day in range(4)}

    page = site.submit(CALENDAR, form=f"{CALENDAR}/week", button="Look at it first", **closed)

    assert page.has("Tried on the last 30 days")
    told = dict(zip(page.all(".notice dt"), page.all(".notice dd"), strict=True))
    assert (told["Complaints"], told["An earlier date would have been promised"]) == ("3", "0")
    assert int(told["A later date would have been promised"]) > 0


def test_of_two_who_save_the_week_at_the_same_moment_the_second_compares_first(site: Site) -> None:
    pages = [site.sign_in(make_administrator()), site.another().sign_in(make_administrator())]
    for one in pages:
        one.get(CALENDAR)
    barrier = Barrier(2)

    def press(number: int) -> int:
        barrier.wait()
        hours = {"day_0": f"0{7 + number}:00-12:00"}
        return (
            pages[number]
            .submit(form=f"{CALENDAR}/week", button="Save the hours", follow=False, **hours)
            .status
        )

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == [303, 409]
