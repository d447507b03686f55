"""Counting single choices and approvals, and what every method refuses."""

from collections import Counter
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.polls.rules import Method
from cps.polls.tally import (
    Choice,
    InvalidChoice,
    InvalidDraw,
    InvalidRules,
    Rules,
    collect,
    count,
)
from tests.polls.elections import approvals, budgets, cast, make_budget_rules, make_rules, rankings

SINGLE = make_rules(Method.SINGLE)
ANY_ELECTION = st.one_of(approvals(), rankings(), budgets())
KEYS = {
    *("ballots", "blank", "paper", "counts", "rounds", "winners"),
    *("tie", "draw", "funded", "rejected", "undecided", "spent"),
}


def test_the_option_with_the_most_votes_wins() -> None:
    result = count(SINGLE, cast(a=2, b=3, blank=4))

    assert result.winners == ("b",)
    assert result.tie == ()
    assert dict(result.counts) == {"a": 2, "b": 3, "c": 0}


def test_blank_ballots_are_ballots_but_votes_for_nobody() -> None:
    result = count(SINGLE, cast(a=2, blank=7))

    assert (result.ballots, result.blank) == (9, 7)
    assert result.winners == ("a",)


@pytest.mark.parametrize("ballots", [{}, cast(blank=5)])
def test_without_a_vote_nobody_wins_and_nobody_is_equal(ballots: Counter[Choice]) -> None:
    result = count(SINGLE, ballots)

    assert (result.winners, result.tie) == ((), ())


def test_equal_options_are_reported_as_equal_in_the_order_of_the_options() -> None:
    result = count(make_rules(Method.SINGLE, "cab"), cast(a=3, c=3, b=1))

    assert (result.winners, result.tie) == ((), ("c", "a"))


def test_the_first_drawn_of_equal_options_wins() -> None:
    result = count(SINGLE, cast(a=3, c=3, b=1), draw=["b", "c", "a"])

    assert (result.winners, result.tie) == (("c",), ())
    assert result.as_json()["draw"] == ["b", "c", "a"]


def test_a_draw_without_one_of_the_equal_options_decides_nothing() -> None:
    result = count(SINGLE, cast(a=3, c=3), draw=["c", "b"])

    assert (result.winners, result.tie) == ((), ("a", "c"))


def test_a_draw_changes_nothing_where_nobody_is_equal() -> None:
    assert count(SINGLE, cast(a=3, c=2), draw=["c", "b", "a"]).winners == ("a",)


def test_each_approval_counts_one() -> None:
    result = count(make_rules(Method.APPROVAL), cast(ab=3, bc=2, a=1))

    assert dict(result.counts) == {"a": 4, "b": 5, "c": 2}
    assert result.winners == ("b",)


@given(ANY_ELECTION)
def test_the_result_has_exactly_its_keys_and_those_of_a_budget_only_there(
    election: tuple[Rules, Counter[Choice]],
) -> None:
    rules, ballots = election

    said = count(rules, ballots).as_json()

    assert said.keys() == KEYS
    for key in ("funded", "rejected", "undecided", "spent"):
        assert (said[key] is None) == (rules.method is not Method.BUDGET)


@given(approvals())
def test_counts_of_single_choices_and_blank_ones_are_the_ballots(
    election: tuple[Rules, Counter[Choice]],
) -> None:
    rules, ballots = election
    if rules.method is Method.SINGLE:
        result = count(rules, ballots)
        assert sum(result.counts.values()) + result.blank == result.ballots


@given(ANY_ELECTION, st.randoms(use_true_random=False))
def test_the_order_in_which_ballots_come_does_not_matter(
    election: tuple[Rules, Counter[Choice]], random: Random
) -> None:
    rules, ballots = election
    shuffled = [*ballots.items()]
    random.shuffle(shuffled)

    assert count(rules, dict(shuffled)) == count(rules, ballots)


@given(ANY_ELECTION)
def test_a_draw_of_all_options_leaves_no_tie(election: tuple[Rules, Counter[Choice]]) -> None:
    rules, ballots = election

    result = count(rules, ballots, draw=sorted(rules.codes, reverse=True))

    assert result.tie == ()
    assert bool(result.winners) == any(result.counts.values()) or rules.method is Method.BUDGET


def test_ballots_are_gathered_by_what_they_say() -> None:
    ballots = collect([["a", "b"], ("b", "a"), [], ["a", "b"]])

    assert ballots == {("a", "b"): 2, ("b", "a"): 1, (): 1}


def test_a_hundred_million_ballots_are_counted_by_their_distinct_choices() -> None:
    result = count(make_rules(Method.RANKING), cast(ab=40_000_000, ba=30_000_001, cb=30_000_000))

    assert result.ballots == 100_000_001
    assert result.winners == ("b",)


@pytest.mark.parametrize(
    ("rules", "choice", "why"),
    [
        (SINGLE, ("x",), "no option"),
        (SINGLE, ("a", "b"), "more than 1"),
        (make_rules(Method.APPROVAL), ("a", "a"), "twice"),
        (make_rules(Method.APPROVAL), ("b", "a"), "not sorted"),
        (make_rules(Method.APPROVAL, most=2), ("a", "b", "c"), "more than 2"),
        (make_rules(Method.RANKING, "abcd"), ("a", "b", "c", "d"), "more than 3"),
        (make_rules(Method.RANKING), ("b", "b"), "twice"),
        (make_budget_rules(10, a=6, b=6), ("a", "b"), "costs more"),
    ],
)
def test_a_choice_that_the_rules_do_not_allow_is_refused(rules: Rules, choice: Choice, why: str) -> None:
    with pytest.raises(InvalidChoice, match=why):
        count(rules, {("a",): 3, choice: 1})


def test_fewer_than_no_ballots_are_refused() -> None:
    with pytest.raises(InvalidChoice, match="-1 times"):
        count(SINGLE, {("a",): 3, ("b",): -1})


@pytest.mark.parametrize(("draw", "why"), [(["a", "x"], "no option"), (["a", "b", "a"], "twice")])
def test_a_draw_of_strangers_or_doubles_is_refused(draw: list[str], why: str) -> None:
    with pytest.raises(InvalidDraw, match=why):
        count(SINGLE, cast(a=1), draw=draw)


@pytest.mark.parametrize(
    ("method", "options", "most", "budget", "why"),
    [
        (Method.SINGLE, (("a", None), ("a", None)), 1, None, "one code"),
        (Method.SINGLE, (("a", None), ("b", None)), 2, None, "cannot hold 2"),
        (Method.APPROVAL, (("a", None), ("b", None)), 3, None, "cannot hold 3"),
        (Method.APPROVAL, (("a", None), ("b", None)), 0, None, "cannot hold 0"),
        (Method.RANKING, tuple((code, None) for code in "abcdef"), 4, None, "cannot hold 4"),
        (Method.SINGLE, (("a", 5), ("b", None)), 1, None, "belong to budgets"),
        (Method.APPROVAL, (("a", None), ("b", None)), 1, 100, "belong to budgets"),
        (Method.BUDGET, (("a", 5), ("b", None)), 2, 100, "belong to budgets"),
        (Method.BUDGET, (("a", 5), ("b", 5)), 2, None, "belong to budgets"),
        (Method.BUDGET, (("a", 5), ("b", -5)), 2, 100, "negative"),
    ],
)
def test_rules_that_contradict_themselves_are_refused(
    method: Method, options: tuple[tuple[str, int | None], ...], most: int, budget: int | None, why: str
) -> None:
    with pytest.raises(InvalidRules, match=why):
        Rules(method, options, most, budget)


@pytest.mark.parametrize("codes", ["".join(order) for order in permutations("abc")])
def test_lists_of_equal_options_follow_the_options_as_published(codes: str) -> None:
    assert count(make_rules(Method.APPROVAL, codes), cast(abc=2)).tie == tuple(codes)
