"""The instant run-off, round by round."""

from collections import Counter

from hypothesis import given

from cps.polls.rules import Method
from cps.polls.tally import Choice, Result, Rules, count
from tests.polls.elections import cast, make_rules, rankings

THREE = make_rules(Method.RANKING, "abc")
FOUR = make_rules(Method.RANKING, "abcd")


def outs(result: Result) -> list[tuple[str, ...]]:
    return [one.out for one in result.rounds]


def test_more_than_half_of_the_first_ranks_wins_at_once() -> None:
    result = count(THREE, cast(ab=3, ba=2, blank=9))

    assert result.winners == ("a",)
    assert len(result.rounds) == 1


def test_exactly_half_does_not_win_yet() -> None:
    result = count(THREE, cast(a=3, b=2, cb=1))

    assert outs(result) == [("c",), ()]
    assert (result.winners, result.tie) == ((), ("a", "b"))


def test_ballots_of_the_lowest_go_to_their_next_rank() -> None:
    result = count(THREE, cast(ab=4, ba=3, cb=2))

    assert outs(result) == [("c",), ()]
    assert dict(result.rounds[1].counts) == {"a": 4, "b": 5}
    assert result.winners == ("b",)
    assert result.rounds[1].winner == "b"


def test_counts_of_the_result_are_first_ranks() -> None:
    assert dict(count(THREE, cast(ab=4, ba=3, cb=2)).counts) == {"a": 4, "b": 3, "c": 2}


def test_a_ballot_without_an_option_still_in_is_exhausted_and_no_longer_counts_for_the_half() -> None:
    result = count(THREE, cast(a=4, b=3, c=2, blank=5))

    assert [one.exhausted for one in result.rounds] == [0, 2]
    assert result.winners == ("a",)


def test_the_lowest_go_together_when_all_of_them_have_fewer_than_the_next() -> None:
    result = count(FOUR, cast(a=4, b=3, ca=1, da=1))

    assert outs(result)[0] == ("c", "d")
    assert result.winners == ("a",)


def test_options_without_a_first_rank_go_together() -> None:
    assert outs(count(FOUR, cast(a=2, b=1, cb=1)))[0] == ("d",)
    assert outs(count(FOUR, cast(ac=2, bd=2)))[0] == ("c", "d")


def test_where_several_are_lowest_and_could_reach_the_next_the_count_stops_with_them() -> None:
    result = count(FOUR, cast(a=4, b=2, c=2, d=3))

    assert (result.winners, result.tie) == ((), ("b", "c"))
    assert outs(result) == [()]


def test_the_last_drawn_of_the_lowest_goes_first() -> None:
    ballots = cast(a=4, ba=2, cd=2, d=3)

    assert outs(count(FOUR, ballots, draw=["c", "a", "b", "d"]))[0] == ("b",)
    assert outs(count(FOUR, ballots, draw=["b", "a", "c", "d"]))[0] == ("c",)


def test_all_options_left_equal_are_a_tie_between_them() -> None:
    result = count(THREE, cast(ab=2, bc=2, ca=2))

    assert (result.winners, result.tie) == ((), ("a", "b", "c"))


def test_a_draw_settles_a_tie_between_all_options_left() -> None:
    result = count(THREE, cast(a=2, b=2), draw=["b", "a", "c"])

    assert outs(result) == [("c",), ("a",), ()]
    assert result.winners == ("b",)


def test_without_a_vote_there_is_no_round() -> None:
    result = count(THREE, cast(blank=3))

    assert (result.rounds, result.winners, result.tie) == ((), (), ())


def test_an_option_that_most_rank_second_can_still_lose() -> None:
    assert count(THREE, cast(ab=5, cb=4, b=1)).winners == ("a",)


@given(rankings())
def test_in_every_round_all_ballots_are_somewhere(election: tuple[Rules, Counter[Choice]]) -> None:
    rules, ballots = election
    result = count(rules, ballots)

    for one in result.rounds:
        assert sum(one.counts.values()) + one.exhausted + result.blank == result.ballots


@given(rankings())
def test_who_has_more_than_half_of_the_first_ranks_wins(election: tuple[Rules, Counter[Choice]]) -> None:
    rules, ballots = election
    result = count(rules, ballots)
    half = sum(result.counts.values()) / 2

    assert all(result.winners == (code,) for code, number in result.counts.items() if number > half)
