"""What a poll asks: its bytes, its rules, how many ballots it makes possible."""

import itertools
import string
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.polls import canonical, specification
from cps.polls.fields import SpecificationError, Why
from cps.polls.rules import CountKey, Method, ResultsWhen, TieRule
from cps.polls.specification import (
    MOST_COUNTED,
    Specification,
    Who,
    is_markable,
    possible_ballots,
)
from tests.polls.specifications import (
    CLOSES,
    KEYS,
    OPENS,
    make_budget,
    make_option,
    make_specification,
)

BUDGET = {"a": 40, "b": 60, "c": 100}


def fields_of(spec: Specification) -> dict[str, Any]:
    fields = canonical.from_bytes(spec.to_bytes())
    assert isinstance(fields, dict)
    return fields


def refusal_of_fields(fields: dict[str, Any]) -> tuple[str, Why]:
    with pytest.raises(SpecificationError) as caught:
        specification.from_bytes(canonical.to_bytes(fields))
    return caught.value.field, caught.value.why


def refusal(**changes: Any) -> tuple[str, Why]:
    with pytest.raises(SpecificationError) as caught:
        make_specification(**changes)
    return caught.value.field, caught.value.why


@pytest.mark.parametrize(
    "spec",
    [
        make_specification(),
        make_specification(method=Method.APPROVAL, most=3, tie=TieRule.DRAW, draw="In the hall, by lot."),
        make_specification("abcdef", method=Method.RANKING, most=3, eligible=None, witnesses=("A", "B")),
        make_budget(BUDGET, 150, sensitive=True, key=CountKey.REGISTER, verified_before=CLOSES),
        make_specification(
            who=Who(wards=("old-town", "2"), age_from=16, age_to=29, listed=True, declared=True),
            question={"en": "Which?", "ko": "무엇을 할까요?"},
            options=(make_option("a", picture="ab" * 32, texts={"ko": "첫째\n둘째"}), make_option("b")),
        ),
    ],
)
def test_a_specification_comes_back_from_its_bytes(spec: Specification) -> None:
    assert specification.from_bytes(spec.to_bytes()) == spec


def test_the_bytes_hold_exactly_the_documented_fields() -> None:
    fields = fields_of(make_budget(BUDGET, 150))

    assert {*fields} == {
        *("format", "poll", "city", "question", "explanation", "method", "most", "budget", "currency"),
        *("options", "order", "key", "verified_before", "who", "age_bands", "eligible", "opens_at"),
        *("closes_at", "results", "lines", "sensitive", "tie", "draw", "objection_days", "decision_days"),
        *("witnesses", "keys"),
    }
    assert {*fields["options"][0]} == {"code", "cost", "labels", "texts", "picture"}
    assert {*fields["who"]} == {"wards", "age_from", "age_to", "listed", "declared"}
    assert {*fields["keys"]} == {"heads", "seal", "roll", "handle"}
    assert fields["format"] == "cps-poll-1"
    assert fields["opens_at"] == "2026-11-18T00:00:00Z"


def test_the_hash_of_this_specification_is_the_same_for_ever() -> None:
    assert make_specification().sha256() == (
        "7e5b164373f918a17641c8cfe8f59f1bed133a3336ba597c84bc3dee1eceac08"
    )


@pytest.mark.parametrize("name", [*fields_of(make_specification())])
def test_a_missing_field_is_named(name: str) -> None:
    fields = fields_of(make_specification())
    del fields[name]

    assert refusal_of_fields(fields) == (name, Why.MISSING)


@pytest.mark.parametrize("name", [*fields_of(make_specification())])
def test_a_field_of_the_wrong_kind_is_named(name: str) -> None:
    wrong = 7 if name not in {"most", "eligible", "budget", "objection_days", "decision_days"} else "7"

    assert refusal_of_fields({**fields_of(make_specification()), name: wrong}) == (name, Why.WRONG_KIND)


def test_true_is_not_taken_for_the_number_one() -> None:
    assert refusal_of_fields({**fields_of(make_specification()), "most": True}) == ("most", Why.WRONG_KIND)


def test_an_unknown_field_is_named_also_inside() -> None:
    fields = fields_of(make_specification())
    fields["options"][1]["colour"] = "red"

    assert refusal_of_fields(fields) == ("options[1].colour", Why.UNKNOWN)
    assert refusal_of_fields({**fields, "more": 1}) == ("more", Why.UNKNOWN)


def test_a_value_that_is_not_offered_is_refused() -> None:
    fields = fields_of(make_specification())

    assert refusal_of_fields({**fields, "method": "borda"}) == ("method", Why.NOT_OFFERED)
    assert refusal_of_fields({**fields, "format": "cps-poll-2"}) == ("format", Why.NOT_OFFERED)


def test_bytes_written_otherwise_are_refused() -> None:
    with pytest.raises(SpecificationError) as caught:
        specification.from_bytes(make_specification().to_bytes() + b"\n")

    assert caught.value.why is Why.NOT_CANONICAL


def test_the_message_says_which_field_and_why() -> None:
    with pytest.raises(ValueError, match=r"options\[2\].cost: too-large \(more than 90\)"):
        make_budget(BUDGET, 90)


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"poll": "../park"}, "poll", Why.MALFORMED),
        ({"poll": ""}, "poll", Why.MALFORMED),
        ({"city": ""}, "city", Why.EMPTY),
        ({"question": {}}, "question", Why.EMPTY),
        ({"question": {"EN": "Which?"}}, "question", Why.MALFORMED),
        ({"question": {"en": " Which?"}}, "question.en", Why.NOT_CLEAN),
        ({"question": {"en": "Which\u202e?"}}, "question.en", Why.NOT_CLEAN),
        ({"question": {"en": "\ud800"}}, "question.en", Why.NOT_CLEAN),
        ({"question": {"en": "x" * 301}}, "question.en", Why.TOO_LONG),
        ({"options": (make_option("a"),)}, "options", Why.TOO_FEW),
        ({"options": tuple(make_option(f"o{n}") for n in range(61))}, "options", Why.TOO_MANY),
        ({"codes": "aba"}, "options", Why.REPEATED),
        ({"options": (make_option("a"), make_option("B"))}, "options[1].code", Why.MALFORMED),
        ({"options": (make_option("a" * 13), make_option("b"))}, "options[0].code", Why.MALFORMED),
        ({"options": (make_option("a", labels={}), make_option("b"))}, "options[0].labels", Why.EMPTY),
        ({"options": (make_option("a", picture="x"), make_option("b"))}, "options[0].picture", Why.MALFORMED),
        ({"options": (make_option("a", 5), make_option("b"))}, "options[0].cost", Why.DOES_NOT_BELONG),
        ({"most": 2}, "most", Why.TOO_LARGE),
        ({"most": 0}, "most", Why.TOO_SMALL),
        ({"method": Method.APPROVAL, "most": 4}, "most", Why.TOO_LARGE),
        ({"codes": "abcd", "method": Method.RANKING, "most": 4}, "most", Why.TOO_LARGE),
        ({"codes": "ab", "method": Method.RANKING, "most": 3}, "most", Why.TOO_LARGE),
        ({"budget": 100}, "budget", Why.DOES_NOT_BELONG),
        ({"currency": "KRW"}, "currency", Why.DOES_NOT_BELONG),
        ({"who": Who(wards=())}, "who.wards", Why.TOO_FEW),
        ({"who": Who(wards=("a", "a"))}, "who.wards", Why.REPEATED),
        ({"who": Who(wards=("a", "Ward B"))}, "who.wards[1]", Why.MALFORMED),
        ({"who": Who(age_from=30, age_to=29)}, "who.age_to", Why.TOO_SMALL),
        ({"age_bands": (30, 16)}, "age_bands", Why.NOT_SORTED),
        ({"age_bands": (16, 16)}, "age_bands", Why.REPEATED),
        ({"eligible": 0}, "eligible", Why.TOO_SMALL),
        ({"eligible": 49}, "sensitive", Why.NEEDED),
        ({"closes_at": OPENS}, "closes_at", Why.TOO_SMALL),
        ({"opens_at": OPENS + timedelta(microseconds=1)}, "opens_at", Why.MALFORMED),
        ({"opens_at": datetime(2026, 11, 18)}, "opens_at", Why.MALFORMED),  # noqa: DTZ001
        (
            {"opens_at": OPENS.astimezone(timezone(timedelta(hours=9)))},
            "opens_at",
            Why.MALFORMED,
        ),
        ({"verified_before": OPENS + timedelta(seconds=1)}, "verified_before", Why.TOO_LARGE),
        (
            {"key": CountKey.REGISTER, "verified_before": CLOSES + timedelta(seconds=1)},
            "verified_before",
            Why.TOO_LARGE,
        ),
        ({"results": ResultsWhen.LIVE, "key": CountKey.ACCOUNT}, "results", Why.TELLS_TOO_MUCH),
        ({"results": ResultsWhen.LIVE, "sensitive": True}, "results", Why.TELLS_TOO_MUCH),
        ({"draw": "By lot."}, "draw", Why.DOES_NOT_BELONG),
        ({"tie": TieRule.DRAW}, "draw", Why.EMPTY),
        ({"objection_days": 0}, "objection_days", Why.TOO_SMALL),
        ({"decision_days": 1000}, "decision_days", Why.TOO_LARGE),
        ({"witnesses": ("League", "")}, "witnesses[1]", Why.EMPTY),
        ({"witnesses": ("League", "League")}, "witnesses", Why.REPEATED),
        ({"keys": replace(KEYS, roll="3" * 63)}, "keys.roll", Why.MALFORMED),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_field(changes: dict[str, Any], field: str, why: Why) -> None:
    assert refusal(**changes) == (field, why)


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"budget": None}, "budget", Why.MISSING),
        ({"budget": 0}, "budget", Why.TOO_SMALL),
        ({"currency": None}, "currency", Why.MISSING),
        ({"currency": "won"}, "currency", Why.MALFORMED),
        ({"most": 2}, "most", Why.TOO_SMALL),
        (
            {"options": (make_option("a", 0), *make_budget(BUDGET, 150).options[1:])},
            "options[0].cost",
            Why.TOO_SMALL,
        ),
        (
            {"options": (make_option("a"), *make_budget(BUDGET, 150).options[1:])},
            "options[0].cost",
            Why.MISSING,
        ),
    ],
)
def test_a_budget_needs_its_money(changes: dict[str, Any], field: str, why: Why) -> None:
    with pytest.raises(SpecificationError) as caught:
        make_budget(BUDGET, **{"budget": 150, **changes})

    assert (caught.value.field, caught.value.why) == (field, why)


def test_few_voters_are_fine_where_only_totals_are_published() -> None:
    assert make_specification(eligible=49, sensitive=True).eligible == 49


def test_a_register_may_be_proven_until_the_close_because_nobody_is_in_it_twice() -> None:
    assert make_specification(key=CountKey.REGISTER, verified_before=CLOSES).verified_before == CLOSES


def test_times_of_a_utc_that_is_named_otherwise_are_taken() -> None:
    moment = OPENS.astimezone(timezone(timedelta(), "Z"))

    assert make_specification(opens_at=moment).to_bytes() == make_specification(opens_at=OPENS).to_bytes()


def affordable(costs: list[int], budget: int) -> int:
    sizes = range(len(costs) + 1)
    return sum(sum(chosen) <= budget for size in sizes for chosen in itertools.combinations(costs, size))


@pytest.mark.parametrize(
    ("method", "number", "most", "expected"),
    [
        (Method.SINGLE, 5, 1, 6),
        (Method.APPROVAL, 5, 5, 32),
        (Method.APPROVAL, 5, 2, 1 + 5 + 10),
        (Method.APPROVAL, 60, 60, 2**60),
        (Method.RANKING, 5, 3, 1 + 5 + 20 + 60),
        (Method.RANKING, 2, 2, 1 + 2 + 2),
    ],
)
def test_possible_ballots_are_counted_exactly(method: Method, number: int, most: int, expected: int) -> None:
    options = tuple(make_option(f"o{n}") for n in range(number))

    assert possible_ballots(make_specification(options=options, method=method, most=most)) == expected


@given(st.lists(st.integers(1, 40), min_size=2, max_size=9), st.integers(40, 120))
def test_a_budgets_possible_ballots_are_the_sets_one_can_pay(costs: list[int], budget: int) -> None:
    spec = make_budget(dict(zip(string.ascii_lowercase, costs, strict=False)), budget)

    assert possible_ballots(spec) == affordable(costs, budget)


def test_a_budget_with_countless_ballots_is_not_counted_to_the_end() -> None:
    costs = {f"o{n}": 10**12 + 7**n % 10**9 for n in range(60)}

    assert possible_ballots(make_budget(costs, 10**15)) == MOST_COUNTED
    assert is_markable(make_budget(costs, 10**15), 10**9)


def test_a_ballot_is_markable_above_a_tenth_of_the_voters() -> None:
    four = make_specification("abcd")

    assert is_markable(four, 49)
    assert not is_markable(four, 50)


def test_where_nobody_knows_how_many_may_vote_few_are_assumed() -> None:
    assert not is_markable(make_specification("abcd"), None)
    assert is_markable(make_specification("abcde"), None)
