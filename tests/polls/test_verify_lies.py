"""A city that lies, and makes every hash, root and signature fit: each lie is found by the right check."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cps.polls import canonical
from cps.polls.rules import Method
from tests.polls.bundles import Count, Stand, in_batches, make_count, result_of
from tests.polls.checking import FAILED, check, failed


def with_choices(change: Callable[[list[dict[str, Any]]], None]) -> Callable[[Count], Count]:
    """Return a lie in the ballots; their result is left as it was."""

    def forge(count: Count) -> Count:
        ballots = [json.loads(line) for line in count.lines]
        change(ballots)
        lines = [canonical.to_bytes(one) for one in ballots]
        return replace(count, lines=in_batches(lines, count.stands))

    return forge


def with_last(stand: Stand) -> Callable[[Count], Count]:
    return lambda count: replace(count, stands=(*count.stands[:-1], stand))


def with_result(**changes: Any) -> Callable[[Count], Count]:
    return lambda count: replace(count, result={**count.result, **changes})


def with_specification(**changes: Any) -> Callable[[Count], Count]:
    """Return another specification, which result and heads name."""

    def forge(count: Count) -> Count:
        other = replace(count.specification, **changes)
        fits = {"specification": other.sha256(), "eligible": other.eligible}
        return replace(count, specification=other, result={**count.result, **fits})

    return forge


def with_turnout(*rows: str) -> Callable[[Count], Count]:
    return lambda count: replace(
        count, turnout="".join(f"{row}\n" for row in ("ward,age_from,eligible,voted", *rows)).encode()
    )


def unsorted(count: Count) -> Count:
    first, second, *others = count.lines
    return replace(count, lines=(second, first, *others))


def stuffed(count: Count) -> Count:
    """One ballot more than people who voted."""
    extra = canonical.to_bytes({"choice": ["a"], "code": "0" * 16, "salt": "0" * 32})
    lines = in_batches([*count.lines, extra], (*count.stands[:-1], Stand(131, 0, 130)))
    stands = (*count.stands[:-1], Stand(131, 0, 130, final=True))
    choices = [tuple(json.loads(line)["choice"]) for line in lines]
    return replace(count, lines=lines, stands=stands, result=result_of(count.specification, choices))


def turn_one(ballots: list[dict[str, Any]]) -> None:
    """Give one vote to another option."""
    next(one for one in ballots if one["choice"] == ["b"])["choice"] = ["a"]


PAPER = {"ballots": 12, "blank": 2, "counts": {"a": 1, "b": 5, "c": 4, "d": 0}}

LIES: dict[str, tuple[Callable[[Count], Count], set[str]]] = {
    "more voted than may": (with_specification(eligible=129), {"roll", "result"}),
    "more ballots than voters": (stuffed, {"roll"}),
    "ballots that still wait": (with_last(Stand(130, 3, 133, final=True)), {"roll"}),
    "a roll that is too long": (with_last(Stand(130, 0, 131, final=True)), {"roll"}),
    "more ballots than anybody could read": (
        with_last(Stand(2**52, 0, 2**52, final=True)),
        {"roll", "leaves", "tree", "result"},
    ),
    "a roll that shrinks": (with_last(Stand(130, 0, 99, final=True)), {"heads"}),
    "no final head": (with_last(Stand(130, 0, 130)), {"heads"}),
    "a vote before the opening": (
        lambda count: replace(count, stands=(Stand(0, 2, 2), *count.stands[1:])),
        {"heads"},
    ),
    "an early end": (
        with_specification(closes_at=make_count().specification.closes_at.replace(hour=23)),
        {"heads"},
    ),
    "a ballot with two marks": (
        with_choices(lambda ballots: ballots[3].update(choice=["a", "b"])),
        {"ballots"},
    ),
    "a ballot for nobody": (with_choices(lambda ballots: ballots[3].update(choice=["zz"])), {"ballots"}),
    "a ballot with one mark twice": (
        with_choices(lambda ballots: ballots[3].update(choice=["a", "a"])),
        {"ballots"},
    ),
    "a code with a letter that is none": (
        with_choices(lambda ballots: ballots[3].update(code="U" * 16)),
        {"ballots", "tables"},
    ),
    "a short salt": (with_choices(lambda ballots: ballots[3].update(salt="00")), {"ballots", "tables"}),
    "a key more in a ballot": (
        with_choices(lambda ballots: ballots[3].update(time=1)),
        {"ballots", "tables"},
    ),
    "one code on two ballots": (
        with_choices(lambda ballots: ballots[3].update(code=ballots[4]["code"])),
        {"codes", "tables"},
    ),
    "one ballot twice": (
        with_choices(lambda ballots: ballots[3].update(ballots[4])),
        {"leaves", "codes", "tables", "recount"},
    ),
    "leaves in the order of the votes": (unsorted, {"leaves"}),
    "a vote turned": (with_choices(turn_one), {"recount"}),
    "another winner": (with_result(winners=["c"]), {"recount"}),
    "other counts": (with_result(counts={"a": 130, "b": 0, "c": 0, "d": 0}), {"result"}),
    "fewer blank ballots": (with_result(blank=0), {"result"}),
    "fewer ballots": (with_result(ballots=129), {"result"}),
    "counts without an option": (with_result(counts={"a": 1}), {"result"}),
    "a tie that is none": (with_result(tie=["a", "b"]), {"recount"}),
    "money in a poll without a budget": (with_result(spent=10), {"recount"}),
    "paper that was not counted": (with_result(paper=PAPER), {"result"}),
    "paper with too many marks": (with_result(paper={**PAPER, "ballots": 9}), {"result"}),
    "paper with more blanks than ballots": (with_result(paper={**PAPER, "blank": 13}), {"result"}),
    "more paper than people": (
        with_result(paper={"ballots": 900, "blank": 0, "counts": {"a": 900, "b": 0, "c": 0, "d": 0}}),
        {"result"},
    ),
    "a draw that was not announced": (with_result(draw=["a", "b", "c", "d"]), {"result"}),
    "the turnout of a small group": (with_turnout("centre,16,400,9"), {"turnout"}),
    "more of a group voted than may": (with_turnout("centre,16,40,60"), {"turnout"}),
    "a turnout above the ballots": (with_turnout("centre,16,400,100", "hill,16,400,31"), {"turnout"}),
    "a group twice": (with_turnout("centre,16,400,60", "centre,16,400,60"), {"turnout"}),
    "more may vote than the specification says": (with_turnout("centre,16,1001,60"), {"turnout"}),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_with_everything_signed_anew_is_found(lie: str, tmp_path: Path) -> None:
    forge, expected = LIES[lie]

    status, said = check(tmp_path, forge(make_count()).zipped())

    assert (status, failed(said)) == (FAILED, expected)


def test_a_turnout_of_few_ballots_is_refused(tmp_path: Path) -> None:
    _, said = check(tmp_path, with_turnout("centre,16,400,10")(make_count(voters=19)).zipped())

    assert failed(said) == {"turnout"}


@pytest.mark.parametrize(
    ("method", "choice", "why"),
    [
        (Method.APPROVAL, ["b", "a"], "not sorted"),
        (Method.APPROVAL, ["a", "b", "c"], "3 options of at most 2"),
        (Method.RANKING, ["a", "b", "c", "d"], "4 options of at most 3"),
        (Method.RANKING, ["a", "b", "a"], "twice"),
        (Method.BUDGET, ["a", "b", "c"], "more than the budget"),
    ],
)
def test_what_a_method_does_not_allow_is_named(
    method: Method, choice: list[str], why: str, tmp_path: Path
) -> None:
    forge = with_choices(lambda ballots: ballots[3].update(choice=choice))

    _, said = check(tmp_path, forge(make_count(method)).zipped())

    assert failed(said) == {"ballots"}
    assert why in said["ballots"]


def test_paper_votes_turned_after_the_count_are_found(tmp_path: Path) -> None:
    count = make_count(paper=True)
    turned = {**count.result["paper"], "counts": {"a": 2, "b": 4, "c": 4, "d": 0}}

    _, said = check(tmp_path, with_result(paper=turned)(count).zipped())

    assert failed(said) == {"recount"}


def test_a_draw_that_leaves_somebody_out_decides_nothing(tmp_path: Path) -> None:
    count = make_count(voters=0, draw=("a", "b"), paper=True)
    even = {"ballots": 4, "blank": 0, "counts": {"a": 1, "b": 1, "c": 1, "d": 1}}
    changes = {"paper": even, "counts": even["counts"], "winners": ["a"], "tie": []}

    _, said = check(tmp_path, with_result(**changes)(count).zipped())

    assert failed(said) == {"recount"}
    assert "winners is []" in said["recount"]
