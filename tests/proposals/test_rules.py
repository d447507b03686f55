"""Goals, ranking, support and delivery as pure rules."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from cps.cases.rules import Outcome, Status
from cps.proposals.rules import (
    Assurance,
    Goal,
    NoSupport,
    Part,
    Settings,
    area_key,
    areas_of,
    days_late,
    ends,
    is_late,
    is_reached,
    is_within,
    narrowest,
    rank,
    usual_goal,
    why_closed,
)

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Held:
    area: str


@pytest.mark.parametrize(
    ("people", "supports"),
    [(None, 40), (0, 40), (2_000, 10), (20_000, 16), (300_000, 40), (1_000_000, 60), (9_700_000, 128)],
)
def test_the_usual_goal_grows_far_slower_than_the_city(people: int | None, supports: int) -> None:
    assert usual_goal(people).supports == supports


def test_the_narrowest_area_that_has_a_goal_counts() -> None:
    areas = areas_of(ward_id=3, category_id=7)

    assert areas == ["ward:3/category:7", "category:7", "ward:3", "city"]
    assert narrowest([Held("city"), Held("ward:3"), Held("ward:4")], areas) == Held("ward:3")
    assert narrowest([Held("ward:4")], areas) is None


def test_an_area_of_neither_ward_nor_category_is_the_whole_city() -> None:
    assert area_key(None, None) == "city"


@pytest.mark.parametrize(
    "goal", [Goal(0), Goal(-1), Goal(5, days=0), Goal(5, answer_days=0), Goal(5, days=5_000), Goal(2_000_000)]
)
def test_a_goal_of_nothing_or_beyond_all_measure_is_refused(goal: Goal) -> None:
    assert not is_within(goal)


def test_supports_here_and_those_given_elsewhere_reach_a_goal_together() -> None:
    assert is_reached(10, counted=4, former=6)
    assert not is_reached(10, counted=3, former=6)


def test_support_counts_to_the_last_second_and_not_beyond() -> None:
    until = ends(Goal(5, days=30), NOON)

    assert why_closed(Status.GATHERING, None, until, until - timedelta(seconds=1)) is None
    assert why_closed(Status.GATHERING, None, until, until) is NoSupport.OVER


@pytest.mark.parametrize(
    ("status", "outcome", "why"),
    [
        (Status.ANSWERED, Outcome.JOINED, NoSupport.JOINED),
        (Status.ANSWERED, Outcome.ACCEPTED, NoSupport.ANSWERED),
        (Status.IN_DELIVERY, Outcome.ACCEPTED, NoSupport.ANSWERED),
        (Status.EXPIRED, None, NoSupport.EXPIRED),
        (Status.WITHDRAWN, None, NoSupport.WITHDRAWN),
        (Status.ANSWER_DUE, None, None),
    ],
)
def test_each_end_has_its_own_reason_why_it_takes_no_support(
    status: Status, outcome: Outcome | None, why: NoSupport | None
) -> None:
    assert why_closed(status, outcome, NOON + timedelta(days=1), NOON) is why


def test_a_new_proposal_passes_an_old_one_unless_that_is_much_wanted() -> None:
    new, old = rank(NOON, 0), NOON - timedelta(days=5)

    assert new > rank(old, 30)
    assert new < rank(old, 33)


def test_no_proposal_stays_in_front_for_good() -> None:
    assert rank(NOON, 0) > rank(NOON - timedelta(days=21), 1_000_000)


def test_one_more_support_never_lowers_a_proposal() -> None:
    ranks = [rank(NOON, supports) for supports in range(2_000)]

    assert ranks == sorted(ranks)


def test_a_milestone_that_was_moved_is_late_by_the_day_promised_first() -> None:
    moved = Part(promised_on=date(2026, 5, 1), due_on=date(2026, 9, 1), done_on=None)

    assert is_late(moved, date(2026, 5, 2))
    assert days_late(moved, date(2026, 5, 11)) == 10


def test_a_milestone_that_is_done_is_late_no_more_but_tells_how_late_it_was() -> None:
    done = Part(promised_on=date(2026, 5, 1), due_on=date(2026, 5, 1), done_on=date(2026, 5, 4))

    assert not is_late(done, date(2026, 8, 1))
    assert days_late(done, date(2026, 8, 1)) == 3


def test_settings_that_are_missing_or_odd_are_as_when_nothing_was_set() -> None:
    assert Settings.of({}) == Settings(Assurance.ADDRESS, second_reader=False)
    assert Settings.of({"proposals": {"assurance": "moon", "second_reader": "yes"}}) == Settings()
    assert Settings.of({"proposals": 7}) == Settings()


def test_settings_are_read_as_they_were_written() -> None:
    chosen = Settings(Assurance.REGISTER, second_reader=True)

    assert Settings.of({"proposals": chosen.written()}) == chosen
