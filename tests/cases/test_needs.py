"""What moves of a category's cases need besides what all moves do: words, a photo, a second pair of eyes."""

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.cases import queries, services
from cps.cases.models import Case
from cps.cases.rules import MoveRefused, Outcome, Refusal, Status
from cps.core.db import transaction
from tests.support.factories import make_category, make_complaint, make_department, make_officer
from tests.support.fixtures import WEDNESDAY

NEEDS = {"message": ["in-progress"], "photo": ["answered"], "second": ["cannot-be-done"]}


@pytest.fixture
def officer(app: Flask) -> Account:
    return make_officer(make_department("Roads"))


def needy(officer: Account, status: Status = Status.IN_PROGRESS, **columns: object) -> Case:
    return make_complaint(status, category=make_category(needs=NEEDS), assignee=officer, **columns)  # type: ignore[arg-type]


def close(case: Case, outcome: Outcome, by: Account, **more: object) -> None:
    with transaction():
        services.move(queries.lock_case(case.reference), Status.CLOSED, by=by, at=WEDNESDAY, message="Done.",
                      outcome=outcome, **more)  # type: ignore[arg-type] # fmt: skip


def test_an_ending_that_needs_a_photo_is_refused_without_one_or_a_reason(officer: Account) -> None:
    case = needy(officer)

    with pytest.raises(MoveRefused) as refused:
        close(case, Outcome.ANSWERED, officer)

    assert refused.value.reason is Refusal.PHOTO_MISSING
    close(case, Outcome.ANSWERED, officer, why_no_photo="It was answered by mail.")


def test_who_has_a_case_does_not_end_it_alone_where_a_second_pair_of_eyes_is_needed(officer: Account) -> None:
    case, free, colleague = needy(officer), needy(officer, Status.TRIAGED), make_officer()
    with transaction():
        services.release(queries.lock_case(free.reference), by=officer, at=WEDNESDAY)

    for one in (case, free):
        with pytest.raises(MoveRefused) as refused:
            close(one, Outcome.CANNOT_BE_DONE, officer)
        assert refused.value.reason is Refusal.SECOND_MISSING

    with transaction():
        services.note(queries.lock_case(case.reference), "Nobody can.", by=officer, at=WEDNESDAY)
    close(case, Outcome.CANNOT_BE_DONE, colleague)
    assert queries.get_case(case.reference).status is Status.CLOSED


def test_taking_a_case_is_silent_only_where_no_words_are_needed(officer: Account) -> None:
    case, usual = needy(officer, Status.TRIAGED), make_complaint(Status.TRIAGED)
    for one in (case, usual):
        with transaction():
            services.take(queries.lock_case(one.reference), by=officer, at=WEDNESDAY)

    assert queries.get_case(case.reference).status is Status.TRIAGED
    assert queries.get_case(usual.reference).status is Status.IN_PROGRESS
