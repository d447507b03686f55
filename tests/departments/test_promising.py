"""Another service time tried on complaints of the past."""

from datetime import datetime, timedelta

from cps.departments.promising import PastPromise, PromiseTrial, try_promises
from tests.support.fixtures import WEDNESDAY

DAY = timedelta(days=1)
CAME = [PastPromise(1, WEDNESDAY, WEDNESDAY + 2 * DAY), PastPromise(1, WEDNESDAY, None)]


def soon(past: PastPromise) -> datetime:
    return past.came_at + DAY


def later(past: PastPromise) -> datetime:
    return past.came_at + 3 * DAY


def test_it_says_how_many_dates_move_and_how_many_answers_were_in_time() -> None:
    tried = try_promises(CAME, soon, later)

    assert tried == PromiseTrial(cases=2, sooner=0, later=2, answered=1, in_time_now=0, in_time_then=1)


def test_a_trial_that_takes_long_ends_with_what_it_has_got_to() -> None:
    assert try_promises(CAME, soon, later, seconds=0).cases == 0
