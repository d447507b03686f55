"""The life of a case, move by move."""

import itertools

import pytest

from cps.cases.rules import (
    CLOSED,
    COMPLAINT_MOVES,
    DECIDED,
    MOVES,
    OPEN,
    OUTCOMES,
    CaseKind,
    Colour,
    Mover,
    MoveRefused,
    Outcome,
    Refusal,
    Status,
    check_move,
    check_proof,
    colour,
    moves_from,
    needs_message,
)

COMPLAINT = CaseKind.COMPLAINT
EVERY_STEP = [
    (kind, a, b, mover) for kind in CaseKind for a, b in itertools.product(Status, Status) for mover in Mover
]
ALLOWED = [
    (kind, a, b, mover)
    for kind, table in MOVES.items()
    for a, row in table.items()
    for b, move in row.items()
    for mover in sorted(move.by)
]


def outcome_for(kind: CaseKind, status: Status, to: Status) -> Outcome | None:
    return min(OUTCOMES[kind]) if to in DECIDED and status not in DECIDED else None


def refusal(*step: object, **more: object) -> Refusal:
    with pytest.raises(MoveRefused) as caught:
        check_move(*step, **{"message": "Words.", **more})  # type: ignore[arg-type]
    return caught.value.reason


@pytest.mark.parametrize(("kind", "status", "to", "mover"), ALLOWED)
def test_every_move_of_the_tables_is_allowed_with_words_and_outcome(
    kind: CaseKind, status: Status, to: Status, mover: Mover
) -> None:
    check_move(kind, status, to, mover, message="Words.", outcome=outcome_for(kind, status, to))

    assert to in moves_from(kind, status, mover)


def test_every_step_that_is_not_in_the_tables_is_refused() -> None:
    others = [step for step in EVERY_STEP if step not in ALLOWED]

    reasons = {refusal(*step, outcome=outcome_for(step[0], step[1], step[2])) for step in others}

    assert len(others) > 1000
    assert reasons == {Refusal.NO_SUCH_MOVE, Refusal.NOT_YOURS}


@pytest.mark.parametrize(("kind", "status", "to", "mover"), ALLOWED)
def test_a_move_that_needs_words_is_refused_without_them(
    kind: CaseKind, status: Status, to: Status, mover: Mover
) -> None:
    if not needs_message(kind, status, to):
        check_move(kind, status, to, mover, message="", outcome=outcome_for(kind, status, to))
        return

    outcome = outcome_for(kind, status, to)

    assert refusal(kind, status, to, mover, message=" \n", outcome=outcome) is Refusal.MESSAGE_MISSING


@pytest.mark.parametrize("status", [s for s in COMPLAINT_MOVES if s in OPEN])
def test_closing_needs_an_outcome(status: Status) -> None:
    assert refusal(COMPLAINT, status, Status.CLOSED, Mover.STAFF) is Refusal.OUTCOME_MISSING


@pytest.mark.parametrize("outcome", sorted(OUTCOMES[CaseKind.PROPOSAL] - OUTCOMES[COMPLAINT]))
def test_a_complaint_does_not_end_like_a_proposal(outcome: Outcome) -> None:
    step = (COMPLAINT, Status.IN_PROGRESS, Status.CLOSED, Mover.STAFF)

    assert refusal(*step, outcome=outcome) is Refusal.OUTCOME_WRONG


def test_a_move_that_does_not_close_takes_no_outcome() -> None:
    step = (COMPLAINT, Status.RECEIVED, Status.PLANNED, Mover.STAFF)

    assert refusal(*step, outcome=Outcome.FIXED) is Refusal.OUTCOME_NOT_CLOSING


def test_only_the_reporter_asks_to_reopen() -> None:
    assert moves_from(COMPLAINT, Status.CLOSED, Mover.REPORTER) == [Status.REOPEN_ASKED]
    assert refusal(COMPLAINT, Status.CLOSED, Status.REOPEN_ASKED, Mover.STAFF) is Refusal.NOT_YOURS


def test_a_repair_is_called_fixed_only_with_a_photo_or_a_reason_why_there_is_none() -> None:
    check_proof(Outcome.FIXED, is_repair=True, has_photo=True, why_no_photo="")
    check_proof(Outcome.FIXED, is_repair=True, has_photo=False, why_no_photo="It was dark.")
    check_proof(Outcome.FIXED, is_repair=False, has_photo=False, why_no_photo="")
    check_proof(Outcome.ANSWERED, is_repair=True, has_photo=False, why_no_photo="")

    with pytest.raises(MoveRefused) as caught:
        check_proof(Outcome.FIXED, is_repair=True, has_photo=False, why_no_photo="  ")
    assert caught.value.reason is Refusal.PHOTO_MISSING


def test_every_status_is_either_open_or_closed_and_has_a_colour() -> None:
    assert frozenset(Status) == OPEN | CLOSED
    assert not OPEN & CLOSED
    assert {colour(s) for s in CLOSED} == {Colour.DONE}
    assert {colour(s) for s in OPEN} == {Colour.WAITING, Colour.IN_HAND}
