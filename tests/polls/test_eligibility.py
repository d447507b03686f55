"""Who may vote by ward and age, and in which cell of the turnout a vote is counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.polls.eligibility import (
    Facts,
    NotEligible,
    WhyNot,
    age_on,
    band_of,
    born_between,
    cell_of,
    check,
    read_cell,
)
from cps.polls.specification import Who

BANDS = (16, 30, 45, 60)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def why_not(who: Who, facts: Facts) -> WhyNot | None:
    try:
        check(who, facts)
    except NotEligible as refused:
        return refused.reason
    return None


@pytest.mark.parametrize(
    ("who", "facts", "reason"),
    [
        (Who(), Facts(), None),
        (Who(), Facts("sea", 3), None),
        (Who(wards=("hill",)), Facts("hill"), None),
        (Who(wards=("hill",)), Facts("sea"), WhyNot.OTHER_WARD),
        (Who(wards=("hill",)), Facts(age=40), WhyNot.FACTS_MISSING),
        (Who(age_from=16), Facts(age=16), None),
        (Who(age_from=16), Facts(age=15), WhyNot.TOO_YOUNG),
        (Who(age_from=16), Facts("hill"), WhyNot.FACTS_MISSING),
        (Who(age_to=25), Facts(age=25), None),
        (Who(age_to=25), Facts(age=26), WhyNot.TOO_OLD),
        (Who(age_from=0), Facts(), WhyNot.FACTS_MISSING),
        (Who(wards=("hill",), age_from=16, age_to=25), Facts("hill", 20), None),
        (Who(wards=("hill",), age_from=16, age_to=25), Facts("sea", 20), WhyNot.OTHER_WARD),
    ],
)
def test_ward_and_age_decide_who_may_vote(who: Who, facts: Facts, reason: WhyNot | None) -> None:
    assert why_not(who, facts) is reason


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(2010, 11, 18), date(2026, 11, 17), 15),
        (date(2010, 11, 18), date(2026, 11, 18), 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 11, 18), date(2026, 11, 18), 0),
    ],
)
def test_people_are_a_year_older_on_their_birthday(born_on: date, day: date, age: int) -> None:
    assert age_on(born_on, day) == age


@pytest.mark.parametrize(
    ("age", "band"), [(None, None), (15, None), (16, 16), (29, 16), (30, 30), (60, 60), (101, 60)]
)
def test_an_age_is_in_the_highest_band_that_it_has_reached(age: int | None, band: int | None) -> None:
    assert band_of(age, BANDS) == band


@pytest.mark.parametrize(
    ("facts", "cell"),
    [
        (Facts("hill", 34), "hill|30"),
        (Facts("hill"), "hill|-"),
        (Facts(age=34), "-|30"),
        (Facts(), "-|-"),
        (Facts("hill", 3), "hill|-"),
    ],
)
def test_a_cell_names_ward_and_band_and_a_dash_for_what_is_unknown(facts: Facts, cell: str) -> None:
    assert cell_of(facts, BANDS) == cell
    assert read_cell(cell) == (facts.ward, band_of(facts.age, BANDS))


def test_without_bands_a_cell_names_the_ward_alone() -> None:
    assert cell_of(Facts("hill", 34), ()) == "hill|-"


@given(born_on=DAYS, day=DAYS, youngest=st.integers(0, 110), oldest=st.integers(0, 110))
def test_counting_by_birth_dates_is_counting_by_ages(
    born_on: date, day: date, youngest: int, oldest: int
) -> None:
    """The electorate is counted in the database by dates, and each voter is checked by age: both agree."""
    first, last = born_between(youngest, oldest, day)
    assert first
    assert last

    is_counted = first <= born_on <= last
    may_vote = why_not(Who(age_from=youngest, age_to=oldest), Facts(age=age_on(born_on, day))) is None

    assert is_counted is may_vote


@given(day=DAYS, age=st.integers(0, 110))
def test_one_bound_alone_leaves_the_other_open(day: date, age: int) -> None:
    assert born_between(None, None, day) == (None, None)
    first, none = born_between(None, age, day)
    nothing, last = born_between(age, None, day)

    assert (none, nothing) == (None, None)
    assert first
    assert last
    assert age_on(first, day) == age
    assert age_on(last, day) == age
    assert age_on(last + timedelta(days=1), day) == age - 1
