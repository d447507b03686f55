"""The participatory budget: from the most approvals down, as long as the money lasts."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.polls.tally import Choice, Result, Rules, count
from cps.polls.tally.model import Budgeting
from tests.polls.elections import budgets, cast, make_budget_rules


def budgeting(result: Result) -> Budgeting:
    assert result.budgeting is not None
    return result.budgeting


def test_options_are_funded_from_the_most_approvals_down() -> None:
    result = count(make_budget_rules(100, a=60, b=30, c=10), cast(a=1, bc=3, b=2))

    assert budgeting(result).funded == ("b", "c", "a")
    assert budgeting(result).spent == 100
    assert result.winners == ("b", "c", "a")


def test_an_option_that_does_not_fit_is_rejected_and_the_count_goes_on() -> None:
    result = count(make_budget_rules(100, a=60, b=50, c=40), cast(a=3, b=2, c=1))

    assert budgeting(result) == Budgeting(funded=("a", "c"), rejected=("b",), undecided=(), spent=100)


def test_an_option_without_an_approval_is_rejected_though_it_would_fit() -> None:
    result = count(make_budget_rules(100, a=10, b=10), cast(b=3, blank=5))

    assert budgeting(result) == Budgeting(funded=("b",), rejected=("a",), undecided=(), spent=10)


def test_equal_options_that_fit_together_are_funded_without_a_draw() -> None:
    result = count(make_budget_rules(100, a=60, b=40, c=10), cast(ab=3, c=1))

    assert budgeting(result) == Budgeting(funded=("a", "b"), rejected=("c",), undecided=(), spent=100)
    assert result.tie == ()


def test_of_equal_options_those_that_cannot_be_paid_alone_are_rejected_first() -> None:
    result = count(make_budget_rules(100, a=60, b=50, c=40), cast(a=5, b=2, c=2))

    assert budgeting(result) == Budgeting(funded=("a", "c"), rejected=("b",), undecided=(), spent=100)
    assert result.tie == ()


def test_equal_options_that_do_not_fit_together_end_the_count() -> None:
    rules = make_budget_rules(100, a=50, b=40, c=30, d=1, e=1)

    result = count(rules, cast(a=5, b=3, c=3, d=1))

    assert result.tie == ("b", "c")
    assert budgeting(result) == Budgeting(funded=("a",), rejected=("e",), undecided=("b", "c", "d"), spent=50)


@pytest.mark.parametrize(
    ("draw", "funded", "rejected"),
    [("bcade", ("a", "b", "d"), ("c", "e")), ("cbade", ("a", "c", "d"), ("b", "e"))],
)
def test_the_draw_orders_equal_options_and_the_count_goes_on(
    draw: str, funded: tuple[str, ...], rejected: tuple[str, ...]
) -> None:
    rules = make_budget_rules(100, a=50, b=40, c=30, d=1, e=1)

    result = count(rules, cast(a=5, b=3, c=3, d=1), draw=[*draw])

    assert (budgeting(result).funded, budgeting(result).rejected) == (funded, rejected)
    assert (budgeting(result).undecided, result.tie) == ((), ())


def test_what_costs_nothing_is_funded_when_anybody_wants_it() -> None:
    result = count(make_budget_rules(10, a=10, b=0, c=0), cast(a=5, b=1))

    assert budgeting(result) == Budgeting(funded=("a", "b"), rejected=("c",), undecided=(), spent=10)


@given(budgets(), st.booleans())
def test_the_money_is_never_exceeded_and_every_option_is_decided_once(
    election: tuple[Rules, Counter[Choice]], drawn: bool
) -> None:
    rules, ballots = election

    outcome = budgeting(count(rules, ballots, draw=[*rules.codes] if drawn else None))

    assert outcome.spent == sum(rules.costs[code] for code in outcome.funded) <= (rules.budget or 0)
    assert sorted((*outcome.funded, *outcome.rejected, *outcome.undecided)) == sorted(rules.codes)
    assert not (drawn and outcome.undecided)
