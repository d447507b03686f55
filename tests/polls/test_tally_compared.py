"""Other people's programs, and a second way to count, find the same winners."""

from collections import Counter
from fractions import Fraction

import pyrankvote
from hypothesis import given, settings

from cps.polls.rules import Method
from cps.polls.tally import Choice, Rules, count
from tests.polls.elections import approvals, budgets, rankings

ENOUGH = 100


def test_pyrankvote_finds_the_same_winner_of_a_run_off() -> None:
    compared = []

    @settings(deadline=None, max_examples=200)
    @given(rankings())
    def compare(election: tuple[Rules, Counter[Choice]]) -> None:
        rules, ballots = election
        result = count(rules, ballots)
        if result.winners:  # ties are broken by lot there, and without a vote somebody wins
            assert run_off_by_pyrankvote(rules, ballots) == [*result.winners]
            compared.append(ballots)

    compare()
    assert len(compared) >= ENOUGH


def run_off_by_pyrankvote(rules: Rules, ballots: Counter[Choice]) -> list[str]:
    candidates = {code: pyrankvote.Candidate(code) for code in rules.codes}
    papers = [pyrankvote.Ballot([candidates[code] for code in choice]) for choice in ballots.elements()]
    election = pyrankvote.instant_runoff_voting([*candidates.values()], papers)
    return [winner.name for winner in election.get_winners()]


def test_a_run_off_by_single_ballots_ends_the_same() -> None:
    compared = []

    @settings(deadline=None, max_examples=200)
    @given(rankings())
    def compare(election: tuple[Rules, Counter[Choice]]) -> None:
        rules, ballots = election
        result = count(rules, ballots, draw=sorted(rules.codes))
        assert run_off_ballot_by_ballot(rules, ballots) == [*result.winners]
        compared.append(ballots)

    compare()
    assert len(compared) >= ENOUGH


def run_off_ballot_by_ballot(rules: Rules, ballots: Counter[Choice]) -> list[str]:
    """Strike the weakest from every single ballot, one at a time, the last in the alphabet of equal ones."""
    papers = [[*choice] for choice in ballots.elements() if choice]
    left = sorted(rules.codes)
    while papers and len(left) > 1:
        tops = Counter(paper[0] for paper in papers)
        weakest = min(left[::-1], key=lambda code: tops[code])
        left.remove(weakest)
        for paper in papers:
            if weakest in paper:
                paper.remove(weakest)
        papers = [paper for paper in papers if paper]
    return left if papers else []


def test_greedy_choice_by_the_most_approvals_per_round_funds_the_same() -> None:
    compared = []

    @settings(deadline=None, max_examples=200)
    @given(budgets())
    def compare(election: tuple[Rules, Counter[Choice]]) -> None:
        rules, ballots = election
        draw = sorted(rules.codes)
        assert greedily(rules, ballots) == {*count(rules, ballots, draw=draw).winners}
        compared.append(ballots)

    compare()
    assert len(compared) >= ENOUGH


def greedily(rules: Rules, ballots: Counter[Choice]) -> set[str]:
    """Buy, again and again, what most still want of what can still be paid; of equals the first by letter."""
    funded: set[str] = set()
    while True:
        money = (rules.budget or 0) - sum(rules.costs[code] for code in funded)
        wanted = Counter(code for choice in ballots.elements() for code in choice if code not in funded)
        payable = [code for code in sorted(wanted) if rules.costs[code] <= money]
        if not payable:
            return funded
        funded.add(max(payable, key=lambda code: wanted[code]))


@settings(deadline=None)
@given(approvals())
def test_the_winner_has_a_larger_share_than_anybody_else(election: tuple[Rules, Counter[Choice]]) -> None:
    rules, ballots = election
    result = count(rules, ballots)
    papers = [*ballots.elements()]
    shares = {
        code: Fraction(sum(code in paper for paper in papers), len(papers) or 1) for code in rules.codes
    }
    first = [code for code, share in shares.items() if share and share == max(shares.values())]

    assert rules.method is not Method.RANKING
    assert [*result.winners, *result.tie] == first
    assert len(result.winners) == (len(first) == 1)
