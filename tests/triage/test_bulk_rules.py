"""Which cases an act on many leaves out, and why."""

from dataclasses import dataclass
from datetime import date

import pytest

from cps.cases.rules import CaseKind, Outcome, Priority, Status
from cps.triage.work.rules import BulkAct, Skip, Target, Wanted, sample, week_before, why_skipped


@dataclass
class Standing:
    """A case as the rules see it."""

    id: int = 7
    kind: CaseKind = CaseKind.COMPLAINT
    status: Status = Status.TRIAGED
    is_integrity: bool = False
    assignee_id: int | None = None
    category_id: int = 1
    department_id: int = 1
    priority: Priority = Priority.NORMAL


TO_ME = Wanted(BulkAct.ASSIGN, to_account=3)
PLANNED = Wanted(BulkAct.MOVE, status=Status.PLANNED, message="In May.")
CLOSE = Wanted(BulkAct.MOVE, status=Status.CLOSED, outcome=Outcome.ANSWERED, message="It was the wind.")


@pytest.mark.parametrize(
    ("case", "wanted", "why"),
    [
        (Standing(), TO_ME, None),
        (Standing(assignee_id=3), TO_ME, Skip.SAME),
        (Standing(status=Status.CLOSED), TO_ME, Skip.NO_MOVE),
        (Standing(), Wanted(BulkAct.ASSIGN), Skip.SAME),
        (Standing(), PLANNED, None),
        (Standing(status=Status.PLANNED), PLANNED, Skip.SAME),
        (Standing(kind=CaseKind.PROPOSAL, status=Status.ANSWER_DUE), PLANNED, Skip.NO_MOVE),
        (Standing(status=Status.WAITING_OTHERS), CLOSE, None),
        (Standing(priority=Priority.URGENT), Wanted(BulkAct.PRIORITY, priority=Priority.URGENT), Skip.SAME),
        (Standing(), Wanted(BulkAct.JOIN, into_id=7, message="The same."), Skip.SAME),
        (Standing(), Wanted(BulkAct.TRANSFER, department_id=2, message="A lamp."), None),
    ],
)
def test_a_case_is_left_out_where_it_is_so_already_or_cannot_go_there(
    case: Standing, wanted: Wanted, why: Skip | None
) -> None:
    assert why_skipped(case, wanted, Target()) is why


def test_categories_of_another_kind_and_of_staff_complaints_are_not_mixed() -> None:
    wanted = Wanted(BulkAct.CATEGORY, category_id=2)

    assert why_skipped(Standing(), wanted, Target(CaseKind.COMPLAINT)) is None
    assert why_skipped(Standing(), wanted, Target(CaseKind.PROPOSAL)) is Skip.OTHER_KIND
    assert why_skipped(Standing(), wanted, Target(CaseKind.COMPLAINT, is_integrity=True)) is Skip.OTHER_KIND


@pytest.mark.parametrize(
    "wanted", [TO_ME, PLANNED, CLOSE, Wanted(BulkAct.PRIORITY, priority=Priority.URGENT)]
)
def test_what_is_wanted_is_read_back_as_it_was_kept(wanted: Wanted) -> None:
    assert Wanted.of_json(wanted.as_json()) == wanted


def test_a_sample_is_the_same_all_week_in_whatever_order_and_another_one_next_week() -> None:
    week, ids = week_before(date(2026, 11, 26)), list(range(200))

    chosen = sample(ids, week)

    assert week == date(2026, 11, 16)
    assert (len(chosen), sample(reversed(ids), week)) == (5, chosen)
    assert sample(ids, date(2026, 11, 23)) != chosen
    assert sorted(sample(ids[:3], week)) == [0, 1, 2]
