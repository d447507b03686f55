"""The life of a poll, move by move."""

import itertools

import pytest

from cps.polls.rules import (
    ENDED,
    MOVES,
    RESULT_IS_PUBLIC,
    MoveRefused,
    PollState,
    Refusal,
    check_move,
    moves_from,
)

ALLOWED = [(state, to) for state, row in MOVES.items() for to in row]
REFUSED = [step for step in itertools.product(PollState, PollState) if step not in ALLOWED]
MAY_BE_VOIDED = {
    PollState.OPEN,
    PollState.SUSPENDED,
    PollState.CLOSED,
    PollState.TALLIED,
    PollState.PUBLISHED,
}


@pytest.mark.parametrize(("state", "to"), ALLOWED)
def test_every_move_of_the_table_is_allowed_with_a_reason(state: PollState, to: PollState) -> None:
    check_move(state, to, reason="The hall burnt down.")

    assert to in moves_from(state)


@pytest.mark.parametrize(("state", "to"), REFUSED)
def test_every_other_step_is_refused(state: PollState, to: PollState) -> None:
    with pytest.raises(MoveRefused) as caught:
        check_move(state, to, reason="The hall burnt down.")

    assert caught.value.reason is Refusal.NO_SUCH_MOVE


def test_a_poll_goes_straight_from_draft_to_final_without_a_reason() -> None:
    path = [PollState.DRAFT, PollState.OPEN, PollState.CLOSED, PollState.TALLIED]

    for state, to in itertools.pairwise([*path, PollState.PUBLISHED, PollState.FINAL]):
        check_move(state, to)


def test_a_poll_is_voided_from_open_to_published_and_only_with_a_reason() -> None:
    assert {state for state, to in ALLOWED if to is PollState.VOID} == MAY_BE_VOIDED
    for state in MAY_BE_VOIDED:
        with pytest.raises(MoveRefused) as caught:
            check_move(state, PollState.VOID, reason="  \n")
        assert caught.value.reason is Refusal.REASON_MISSING


def test_a_suspended_poll_is_resumed_or_voided_with_a_reason() -> None:
    assert moves_from(PollState.SUSPENDED) == [PollState.OPEN, PollState.VOID]
    assert all(move.needs_reason for move in MOVES[PollState.SUSPENDED].values())


def test_suspending_needs_no_reason_because_a_restore_is_one() -> None:
    assert not MOVES[PollState.OPEN][PollState.SUSPENDED].needs_reason


def test_no_way_leads_out_of_the_end() -> None:
    assert {state for state in PollState if not MOVES[state]} == ENDED


def test_nothing_becomes_a_draft_again() -> None:
    assert PollState.DRAFT not in {to for _, to in ALLOWED}


def test_a_result_is_public_only_when_it_was_published_and_stands() -> None:
    assert {PollState.PUBLISHED, PollState.FINAL} == RESULT_IS_PUBLIC
