"""From the marks of a form to a line of one size."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.polls import ballot
from cps.polls.ballot import BLANK, Ballot, BallotError, NotALine, Why, read_choice
from cps.polls.rules import Method
from cps.polls.specification import Specification
from tests.polls.specifications import make_budget, make_option, make_specification

CODE = "K7QF9XTMP2JDVRWA"
SALT = "00112233445566778899aabbccddeeff"
SINGLE = make_specification("abcd")
APPROVAL = make_specification("abcd", method=Method.APPROVAL, most=3)
RANKING = make_specification("abcd", method=Method.RANKING, most=3)
BUDGET = make_budget({"a": 40, "b": 60, "c": 100}, 150)


def refusal(specification: Specification, *marks: str) -> tuple[Why, int]:
    with pytest.raises(BallotError) as caught:
        read_choice(specification, marks)
    return caught.value.reason, caught.value.over


@pytest.mark.parametrize("spec", [SINGLE, APPROVAL, RANKING, BUDGET])
@pytest.mark.parametrize("marks", [[], [""], ["", " ", ""]])
def test_no_mark_is_a_blank_ballot(spec: Specification, marks: Sequence[str]) -> None:
    assert read_choice(spec, marks) == BLANK


def test_spaces_around_a_mark_are_trimmed() -> None:
    assert read_choice(SINGLE, [" b\n"]) == ("b",)


@pytest.mark.parametrize("spec", [APPROVAL, BUDGET])
def test_marks_without_an_order_are_sorted(spec: Specification) -> None:
    assert read_choice(spec, ["c", "a"]) == ("a", "c")


def test_ranks_keep_their_order_and_close_up_over_a_gap() -> None:
    assert read_choice(RANKING, ["c", "", "a"]) == ("c", "a")


@pytest.mark.parametrize("mark", ["e", "A", "a b", "а", "../a"])
def test_an_option_that_is_not_offered_is_refused(mark: str) -> None:
    assert refusal(APPROVAL, "a", mark) == (Why.UNKNOWN_OPTION, 0)


def test_the_same_option_in_two_ranks_is_refused() -> None:
    assert refusal(RANKING, "a", "b", "a") == (Why.REPEATED, 0)


@pytest.mark.parametrize(("spec", "over"), [(SINGLE, 3), (APPROVAL, 1), (RANKING, 1)])
def test_more_marks_than_allowed_are_refused_with_how_many(spec: Specification, over: int) -> None:
    assert refusal(spec, "a", "b", "c", "d") == (Why.TOO_MANY, over)


def test_what_costs_exactly_the_budget_is_taken() -> None:
    assert read_choice(make_budget({"a": 50, "b": 100, "c": 1}, 150), ["b", "a"]) == ("a", "b")


def test_more_than_the_budget_is_refused_with_how_much() -> None:
    assert refusal(BUDGET, "b", "c") == (Why.OVER_BUDGET, 10)


def test_a_line_is_the_documented_one() -> None:
    assert ballot.line(("b",), CODE, SALT) == (
        b'{"choice":["b"],"code":"K7QF9XTMP2JDVRWA","salt":"00112233445566778899aabbccddeeff"}'
    )


@given(st.permutations("abcd"), st.integers(0, 3))
def test_every_line_is_read_back(order: list[str], ranks: int) -> None:
    choice = tuple(order[:ranks])

    assert ballot.parse_line(ballot.line(choice, CODE, SALT), RANKING) == Ballot(choice, CODE, SALT)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        ballot.line(("a",), CODE, SALT) + b"\n",
        ballot.line(("a",), CODE, SALT).replace(b":", b": ", 1),
        ballot.line(("a",), CODE, SALT).replace(b"}", b',"x":1}'),
        b'{"choice":["a"],"code":"%s"}' % CODE.encode(),
        ballot.line(("a",), CODE.lower(), SALT),
        ballot.line(("a",), CODE[:-1] + "O", SALT),
        ballot.line(("a",), CODE[:-1], SALT),
        ballot.line(("a",), CODE, SALT.upper()),
        ballot.line(("a",), CODE, SALT[:-1]),
        ballot.line(("b", "a"), CODE, SALT),
        ballot.line(("a", "a"), CODE, SALT),
        ballot.line(("a", "b", "c", "d"), CODE, SALT),
        ballot.line(("e",), CODE, SALT),
        ballot.line(("",), CODE, SALT),
        ballot.line((" a",), CODE, SALT),
        b'{"choice":[1],"code":"%s","salt":"%s"}' % (CODE.encode(), SALT.encode()),
        b'{"choice":"a","code":"%s","salt":"%s"}' % (CODE.encode(), SALT.encode()),
        b'{"choice":null,"code":"%s","salt":"%s"}' % (CODE.encode(), SALT.encode()),
        b'{"choice":["a"],"code":null,"salt":"%s"}' % SALT.encode(),
    ],
)
def test_any_other_line_is_refused(data: bytes) -> None:
    with pytest.raises(NotALine):
        ballot.parse_line(data, APPROVAL)


def test_a_line_over_the_budget_is_refused() -> None:
    with pytest.raises(NotALine, match="over-budget"):
        ballot.parse_line(ballot.line(("b", "c"), CODE, SALT), BUDGET)


def test_salts_are_128_bits_and_new_each_time() -> None:
    salts = {ballot.new_salt() for _ in range(200)}

    assert len(salts) == 200
    assert {len(salt) for salt in salts} == {32}


@pytest.mark.parametrize(
    "spec",
    [
        make_specification(options=(make_option("a"), make_option("b" * 12))),
        make_specification(
            options=tuple(make_option(f"option{n}") for n in range(60)), method=Method.APPROVAL, most=60
        ),
        RANKING,
        BUDGET,
    ],
)
def test_every_possible_ballot_is_padded_to_one_size(spec: Specification) -> None:
    size = ballot.body_size(spec)
    longest = tuple(sorted(spec.codes, key=len, reverse=True)[: spec.most])

    for choice in (BLANK, spec.codes[:1], longest):
        line = ballot.line(choice, CODE, SALT)
        assert len(ballot.pad(line, size)) == size
        assert ballot.unpad(ballot.pad(line, size)) == line
    assert size % ballot.BODY_STEP == 0


def test_a_line_longer_than_the_size_is_not_padded() -> None:
    with pytest.raises(NotALine):
        ballot.pad(b"x" * 65, 64)


def test_a_ballot_does_not_show_itself() -> None:
    shown = repr(Ballot(("a",), CODE, SALT))

    assert "a" not in shown.removeprefix("Ballot")
    assert CODE not in shown
