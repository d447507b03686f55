"""Votes on paper are added from their totals, shown apart, and refused where they cannot be."""

import pytest

from cps.polls.rules import Method
from cps.polls.tally import InvalidPaper, PaperTotals, Rules, count
from tests.polls.elections import cast, make_budget_rules, make_rules

SINGLE = make_rules(Method.SINGLE)
APPROVAL = make_rules(Method.APPROVAL, most=2)
RANKING = make_rules(Method.RANKING)


def test_paper_decides_together_with_the_ballots_online_and_is_shown_apart() -> None:
    result = count(SINGLE, cast(a=3, b=2, blank=1), paper=PaperTotals(4, 1, {"b": 3}))

    assert result.winners == ("b",)
    said = result.as_json()
    assert (said["ballots"], said["blank"]) == (6, 1)
    assert said["counts"] == {"a": 3, "b": 5, "c": 0}
    assert said["paper"] == {"ballots": 4, "blank": 1, "counts": {"a": 0, "b": 3, "c": 0}}


def test_rankings_on_paper_run_off_like_the_others_and_are_shown_sorted() -> None:
    paper = PaperTotals(6, 1, rankings={("c", "b"): 2, ("b",): 3, ("a",): 0})

    result = count(RANKING, cast(a=4), paper=paper)

    assert result.winners == ("b",)
    assert result.as_json()["paper"] == {
        "ballots": 6,
        "blank": 1,
        "rankings": [{"choice": ["b"], "count": 3}, {"choice": ["c", "b"], "count": 2}],
    }


def test_a_budget_adds_approvals_on_paper() -> None:
    result = count(make_budget_rules(10, a=10, b=10), cast(a=2), paper=PaperTotals(3, 0, {"b": 3}))

    assert result.winners == ("b",)


def test_no_ballot_on_paper_is_possible() -> None:
    assert count(SINGLE, cast(a=1), paper=PaperTotals(0, 0)).winners == ("a",)


@pytest.mark.parametrize(
    ("rules", "paper", "why"),
    [
        (SINGLE, PaperTotals(3, 1, {"a": 1}), "too few"),
        (SINGLE, PaperTotals(3, 1, {"a": 1, "b": 2}), "too many"),
        (SINGLE, PaperTotals(1, 2), "more blank"),
        (SINGLE, PaperTotals(-1, 0), "negative"),
        (SINGLE, PaperTotals(2, 0, {"a": 3, "b": -1}), "negative"),
        (SINGLE, PaperTotals(1, 0, {"x": 1}), "no option"),
        (SINGLE, PaperTotals(1, 0, rankings={("a",): 1}), "belong to a ranking"),
        (APPROVAL, PaperTotals(3, 0, {"a": 4}), "more marks"),
        (APPROVAL, PaperTotals(2, 0, {"a": 2, "b": 2, "c": 1}), "too many"),
        (make_budget_rules(10, a=6, b=6), PaperTotals(2, 0, {"a": 2, "b": 2}), "cost more"),
        (RANKING, PaperTotals(1, 0, {"a": 1}), "belong to a ranking"),
        (RANKING, PaperTotals(1, 0, rankings={(): 1}), "without a rank"),
        (RANKING, PaperTotals(1, 0, rankings={("a", "a"): 1}), "twice"),
        (RANKING, PaperTotals(3, 1, rankings={("a", "b"): 1}), "not as many"),
    ],
)
def test_totals_that_cannot_be_are_refused(rules: Rules, paper: PaperTotals, why: str) -> None:
    with pytest.raises(InvalidPaper, match=why):
        count(rules, cast(a=1), paper=paper)
