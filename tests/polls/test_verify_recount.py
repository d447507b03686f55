"""Two programs that count: the one of the poll and the one of the checker agree, whatever was voted."""

from collections import Counter
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cps.polls import canonical, tally, verify
from cps.polls.rules import Method
from cps.polls.specification import Specification
from cps.polls.tally.paper import PaperTotals
from tests.polls.specifications import make_budget, make_specification

MOST = {Method.SINGLE: 1, Method.APPROVAL: 3, Method.RANKING: 3}


@st.composite
def specifications(draw: st.DrawFn) -> Specification:
    """Polls between two to six options, few enough for many ties."""
    codes = draw(st.permutations("abcdef"))[: draw(st.integers(2, 6))]
    method = draw(st.sampled_from(Method))
    if method is Method.BUDGET:
        budget = draw(st.integers(1, 12))
        return make_budget({code: draw(st.integers(1, budget)) for code in codes}, budget)
    return make_specification("".join(codes), method=method, most=min(MOST[method], len(codes)))


@st.composite
def votes(draw: st.DrawFn, specification: Specification) -> Counter[tuple[str, ...]]:
    """Each possible choice with how many made it, small numbers only."""
    rules = plain(specification)
    choices = [
        choice
        for length in range(specification.most + 1)
        for choice in permutations(specification.codes, length)
        if not verify.why_not_allowed(choice, rules, specification.costs)
    ]
    return Counter(draw(st.dictionaries(st.sampled_from(choices), st.integers(1, 4), max_size=12)))


def plain(specification: Specification) -> dict[str, Any]:
    value = canonical.from_bytes(specification.to_bytes())
    assert isinstance(value, dict)
    return value


@given(st.data())
def test_both_programs_count_alike(data: st.DataObject) -> None:
    specification = data.draw(specifications())
    online, on_paper = data.draw(votes(specification)), data.draw(st.none() | votes(specification))
    lots = data.draw(st.none() | st.lists(st.sampled_from(specification.codes), unique=True))

    result = tally.count(rules_of(specification), online, paper=totals(specification, on_paper), draw=lots)

    said, rules = result.as_json(), plain(specification)
    paper: Any = said["paper"]
    blank, counts = verify.count_options(rules, online.items(), paper)
    rankings = (paper or {}).get("rankings", ())
    every = [*online.items(), *((tuple(one["choice"]), one["count"]) for one in rankings)]
    again = {"ballots": online.total(), "blank": blank, "counts": counts, "paper": paper, "draw": lots}
    again |= verify.outcome(rules, counts, every, lots)
    assert canonical.to_bytes(again) == canonical.to_bytes(said)
    marked = sum(number for voted in (online, on_paper or {}) for choice, number in voted.items() if choice)
    verify.expect_paper(paper, rules)
    verify.expect_sums(counts, marked, rules)


def rules_of(specification: Specification) -> tally.Rules:
    options = tuple((option.code, option.cost) for option in specification.options)
    return tally.Rules(specification.method, options, specification.most, specification.budget)


def totals(specification: Specification, voted: Counter[tuple[str, ...]] | None) -> PaperTotals | None:
    """Return what two officers would enter of these votes."""
    if voted is None:
        return None
    if specification.method is Method.RANKING:
        rankings = {choice: number for choice, number in voted.items() if choice}
        return PaperTotals(voted.total(), voted[()], rankings=rankings)
    counts: Counter[str] = Counter()
    for choice, number in voted.items():
        counts.update(dict.fromkeys(choice, number))
    return PaperTotals(voted.total(), voted[()], counts=counts)
