"""What the desk offers for each case, and how far a due date is; no database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cps.cases.rules import CLOSED, MOVES, OPEN, CaseKind, HandOff, Mover, Status
from cps.triage.forms import FORMS, MOVE_WORDS
from cps.triage.rules import AT_DESK, NOT_YET, Act, Offers, acts, due, end_of_day, moves_with_reply

SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)  # a Wednesday, noon in Seoul
STATUSES = [(kind, status) for kind in CaseKind for status in MOVES[kind]]


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_only_what_the_table_of_moves_allows_is_offered(kind: CaseKind, status: Status) -> None:
    table = {to for to, move in MOVES[kind][status].items() if Mover.STAFF in move.by}
    offered = acts(kind, status, is_own=False)

    assert set(moves_with_reply(kind, status)) <= table
    assert (Act.CLOSE in offered) is (Act.JOIN in offered) is (Status.CLOSED in table)
    assert (Act.REOPEN in offered) is (status is Status.CLOSED)


@pytest.mark.parametrize("status", sorted(set(MOVES[CaseKind.COMPLAINT])))
def test_every_move_of_the_table_has_its_act_at_the_desk(status: Status) -> None:
    table = {to for to, move in MOVES[CaseKind.COMPLAINT][status].items() if Mover.STAFF in move.by}
    offered = acts(CaseKind.COMPLAINT, status, is_own=True)
    reached = set(moves_with_reply(CaseKind.COMPLAINT, status))
    if Act.CLOSE in offered:
        reached.add(Status.CLOSED)
    if Act.RELEASE in offered:
        reached.add(Status.TRIAGED)
    if Act.REOPEN in offered:
        reached = {Status.IN_PROGRESS}

    assert table - reached <= {status}, "only to stay where it is has no act of its own"


def test_who_has_a_case_gives_it_back_and_all_others_take_it() -> None:
    own = acts(CaseKind.COMPLAINT, Status.IN_PROGRESS, is_own=True)
    others = acts(CaseKind.COMPLAINT, Status.IN_PROGRESS, is_own=False)

    assert (own[0], others[0]) == (Act.RELEASE, Act.TAKE)
    assert own[1:] == others[1:]


def test_a_closed_case_is_opened_again_or_noted_and_nothing_else() -> None:
    assert acts(CaseKind.COMPLAINT, Status.CLOSED, is_own=True) == [Act.REOPEN, Act.NOTE]


def test_a_joined_case_is_parted_again_and_not_opened() -> None:
    assert acts(CaseKind.COMPLAINT, Status.CLOSED, is_own=True, offers=Offers(is_joined=True)) == [
        Act.UNJOIN,
        Act.NOTE,
    ]


def test_what_was_handed_over_is_answered_first_and_a_decision_is_not_refused() -> None:
    handed = acts(CaseKind.COMPLAINT, Status.TRIAGED, is_own=False, offers=Offers(hand=HandOff(waits=True)))
    decided = HandOff(waits=True, is_decided=True)
    mine = acts(CaseKind.COMPLAINT, Status.TRIAGED, is_own=False, offers=Offers(hand=decided))

    assert handed[:2] == [Act.ACCEPT, Act.REFUSE]
    assert mine[:2] == [Act.ACCEPT, Act.TAKE]
    assert Act.TRANSFER in handed
    assert Act.TRANSFER not in mine


def test_every_act_has_a_form_and_every_move_of_a_reply_its_words() -> None:
    assert set(FORMS) == set(Act)
    assert {to for kind, status in STATUSES for to in moves_with_reply(kind, status)} == set(MOVE_WORDS)


def test_what_waits_for_the_city_is_at_the_desk_and_nothing_else() -> None:
    assert set(AT_DESK) == OPEN - set(NOT_YET)
    assert not set(AT_DESK) & CLOSED


@pytest.mark.parametrize(
    ("hours", "is_late", "days", "colour"),
    [
        (0, False, 0, "in-hand"),
        (-0.001, True, 0, "waiting"),
        (-11.9, True, 0, "waiting"),
        (-12.1, True, 1, "waiting"),
        (-72, True, 3, "waiting"),
        (11.9, False, 0, "in-hand"),
        (12.1, False, 1, "in-hand"),
        (35.9, False, 1, "in-hand"),
        (36.1, False, 2, "plain"),
    ],
)
def test_a_due_date_is_told_in_days_of_the_city(hours: float, is_late: bool, days: int, colour: str) -> None:
    found = due(NOON + timedelta(hours=hours), now=NOON, zone=SEOUL)

    assert (found.is_late, found.days, found.colour) == (is_late, days, colour)


def test_the_day_ends_at_midnight_of_the_city_also_when_the_clock_changes() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    longest_day = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    assert end_of_day(NOON, SEOUL) == datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
    assert end_of_day(longest_day, berlin) == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)
