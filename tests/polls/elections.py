"""Makes rules and ballots for tests of the count."""

from collections import Counter

from hypothesis import strategies as st

from cps.polls.rules import Method
from cps.polls.tally import Choice, Rules, collect


def make_rules(method: Method, codes: str = "abc", most: int | None = None) -> Rules:
    """Return rules with one option for each letter; a ballot may hold what the method allows at most."""
    usual = {Method.SINGLE: 1, Method.APPROVAL: len(codes), Method.RANKING: 3}
    return Rules(method, tuple((code, None) for code in codes), most or usual[method])


def make_budget_rules(budget: int, **costs: int) -> Rules:
    """Return rules of a budget over options with these costs."""
    return Rules(Method.BUDGET, tuple(costs.items()), len(costs), budget)


def cast(**choices: int) -> Counter[Choice]:
    """Return ballots: `cast(ab=3, blank=2)` is three times a and b, and two blank ones."""
    return Counter({() if marks == "blank" else tuple(marks): number for marks, number in choices.items()})


@st.composite
def rankings(draw: st.DrawFn) -> tuple[Rules, Counter[Choice]]:
    """Draw a ranking of two to six options with some ballots."""
    codes = "abcdef"[: draw(st.integers(2, 6))]
    ballot = st.lists(st.sampled_from(codes), unique=True, max_size=min(3, len(codes)))
    return make_rules(Method.RANKING, codes), collect(draw(st.lists(ballot, max_size=40)))


@st.composite
def budgets(draw: st.DrawFn) -> tuple[Rules, Counter[Choice]]:
    """Draw a budget of two to seven options with some ballots that keep to it."""
    costs = {code: draw(st.integers(0, 20)) for code in "abcdefg"[: draw(st.integers(2, 7))]}
    rules = make_budget_rules(draw(st.integers(0, 50)), **costs)
    ballots: Counter[Choice] = Counter()
    for wanted in draw(st.lists(st.lists(st.sampled_from([*costs]), unique=True), max_size=30)):
        while sum(costs[code] for code in wanted) > (rules.budget or 0):
            wanted.pop()
        ballots[tuple(sorted(wanted))] += 1
    return rules, ballots


@st.composite
def approvals(draw: st.DrawFn) -> tuple[Rules, Counter[Choice]]:
    """Draw a single choice or an approval of two to five options with some ballots."""
    codes = "abcde"[: draw(st.integers(2, 5))]
    method = draw(st.sampled_from([Method.SINGLE, Method.APPROVAL]))
    rules = make_rules(method, codes)
    ballot = st.lists(st.sampled_from(codes), unique=True, max_size=rules.most).map(sorted)
    return rules, collect(draw(st.lists(ballot, max_size=40)))
