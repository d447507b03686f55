"""A second pair of eyes: an end is asked for, a colleague says yes or no, nobody says it to their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.cases import queries, services
from cps.cases.models import Attachment, Case
from cps.cases.queries import seconding
from cps.cases.rules import Audience, MoveRefused, Outcome, PhotoStage, Status
from cps.cases.services import Ending
from cps.cases.services.about_staff import Finding, make_about_staff
from cps.cases.services.integrity import About
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.departments.queries import catalogue
from tests.support.factories import (
    make_category,
    make_complaint,
    make_department,
    make_integrity_officer,
    make_officer,
)
from tests.support.fixtures import WEDNESDAY

NEEDS = {"second": ["fixed"]}
WORDS = "Filled with asphalt."


@pytest.fixture
def officer(app: Flask) -> Account:
    return make_officer(make_department("Roads"))


@pytest.fixture
def colleague(officer: Account) -> Account:
    return make_officer()


@pytest.fixture
def case(officer: Account) -> Case:
    category = make_category(needs=NEEDS, is_repair=True)
    for needy in (make_complaint(Status.IN_PROGRESS, category=category), make_complaint()):
        assert seconding.newest_closing(needy.id) is None
    return make_complaint(Status.IN_PROGRESS, category=category, assignee=officer)


def photo(name: str = "a" * 32) -> Attachment:
    return Attachment(name=name, original_sha256="b" * 64, perceptual_hash="c" * 16, width=8, height=8,
                      added_at=WEDNESDAY)  # fmt: skip


def with_case(case: Case, act: Callable[[Case], object]) -> Case:
    with transaction():
        act(queries.lock_case(case.reference))
    db.session.rollback()
    return queries.get_case(case.reference)


def end(case: Case, by: Account, **more: object) -> Case:
    ending = Ending(Outcome.FIXED, WORDS, "en", **{"photos": [photo()], **more})  # type: ignore[arg-type]
    return with_case(case, lambda it: services.end(it, ending, by=by, at=WEDNESDAY))


def answer(case: Case, by: Account, *, yes: bool, why: str = "") -> Case:
    return with_case(case, lambda it: services.answer_end(it, is_granted=yes, by=by, at=WEDNESDAY, why=why))


def told(case: Case) -> list[str]:
    return [event.message for event in queries.story(case.id, reader=Audience.PUBLIC, at=WEDNESDAY)]


def test_an_end_waits_unseen_by_the_public_until_a_colleague_says_yes(
    case: Case, officer: Account, colleague: Account
) -> None:
    after = end(case, officer, told={"whose": ""})

    assert (after.status, after.photo_count) == (Status.IN_PROGRESS, 1)
    assert WORDS not in told(case)
    [hung] = queries.photos(case.id)
    assert not queries.photo_is_public(hung, at=WEDNESDAY)

    after = answer(case, colleague, yes=True)

    assert (after.status, after.outcome, after.photo_count) == (Status.CLOSED, Outcome.FIXED, 1)
    assert WORDS in told(case)
    [hung] = queries.photos(case.id)
    assert (hung.stage, queries.photo_is_public(hung, at=WEDNESDAY)) == (PhotoStage.AFTER, True)
    assert seconding.waiting_closing(case.id) is None


def test_nobody_says_yes_to_the_end_they_wrote(case: Case, officer: Account) -> None:
    end(case, officer)

    with pytest.raises(RuleViolation, match="You asked for this yourself"):
        answer(case, officer, yes=True)

    assert queries.get_case(case.reference).is_open


def test_a_no_has_words_and_leaves_the_case_open(case: Case, officer: Account, colleague: Account) -> None:
    end(case, officer)

    with pytest.raises(RuleViolation, match="Say why not"):
        answer(case, colleague, yes=False)
    after = answer(case, colleague, yes=False, why="The photo shows another street.")

    assert after.is_open
    assert seconding.waiting_closing(case.id) is None
    assert "The photo shows another street." not in told(case)
    with pytest.raises(MoveRefused):
        answer(case, colleague, yes=True)


def test_handing_a_case_over_for_a_moment_makes_nobody_a_second_pair_of_eyes(
    case: Case, officer: Account, colleague: Account
) -> None:
    def pass_on(it: Case) -> None:
        services.assign(it, None, by=officer, at=WEDNESDAY)
        services.assign(it, officer, by=officer, at=WEDNESDAY)
        services.assign(it, colleague, by=officer, at=WEDNESDAY)

    with_case(case, pass_on)

    assert end(case, officer).is_open
    assert seconding.waiting_closing(case.id) is not None


def test_giving_a_case_to_somebody_who_never_saw_it_lets_nobody_close_it(
    case: Case, officer: Account, colleague: Account
) -> None:
    free = make_complaint(Status.IN_PROGRESS, category=case.category)
    with_case(free, lambda it: services.assign(it, colleague, by=officer, at=WEDNESDAY))

    assert end(free, officer).is_open

    with_case(free, lambda it: services.note(it, "I look at it.", by=colleague, at=WEDNESDAY))
    assert end(free, officer, photos=[photo("e" * 32)]).is_open  # who asked is no second pair either
    assert not end(free, make_officer(), photos=[photo("f" * 32)]).is_open


def test_another_category_is_no_way_around_a_colleague_but_for_who_did_not_choose_it(
    case: Case, officer: Account, colleague: Account
) -> None:
    easy, other = make_category("Easy"), make_complaint(Status.IN_PROGRESS, category=case.category)
    for one in (case, other):
        with_case(one, lambda it: services.categorise(it, easy, by=officer, at=WEDNESDAY))

    assert end(case, officer).is_open
    assert not answer(case, colleague, yes=True).is_open
    assert not end(other, colleague, photos=[photo("d" * 32)]).is_open


def test_an_end_waits_no_more_once_the_case_is_about_staff(
    case: Case, officer: Account, colleague: Account
) -> None:
    make_integrity_officer()
    end(case, officer)
    staff = make_category("Staff", is_integrity=True).id
    found = Finding(catalogue().categories[staff], About(), "It names an inspector.")

    with_case(case, lambda it: make_about_staff(it, found, by=colleague, at=WEDNESDAY))

    assert seconding.waiting_closing(case.id) is None


def test_of_two_colleagues_who_decide_at_the_same_moment_one_decides(
    app: Flask, case: Case, officer: Account
) -> None:
    end(case, officer)
    people, barrier = [make_officer().id, make_officer().id], Barrier(2)

    def decide(by: int) -> str:
        with app.app_context():
            db.session.connection()
            barrier.wait()
            try:
                with transaction():
                    it, account = queries.lock_case(case.reference), db.session.get_one(Account, by)
                    yes, at = by == people[0], WEDNESDAY
                    services.answer_end(it, is_granted=yes, by=account, at=at, why="Not so.")
            except MoveRefused:
                return "late"
            finally:
                db.session.remove()
            return "decided"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, people)) == ["decided", "late"]


def test_an_end_that_is_written_anew_takes_the_place_of_the_one_before(
    case: Case, officer: Account, colleague: Account
) -> None:
    end(case, officer)
    end(case, officer, photos=[], why_no_photo="It rained.")

    answer(case, colleague, yes=True)

    event = queries.story(case.id, reader=Audience.PUBLIC, at=WEDNESDAY)[-1]
    assert event.data.get("why_no_photo") == "It rained."
    assert [one.stage for one in queries.photos(case.id)] == [PhotoStage.REPLY]


def test_an_end_without_proof_is_refused_before_a_colleague_is_asked(case: Case, officer: Account) -> None:
    with pytest.raises(MoveRefused):
        end(case, officer, photos=[])

    assert seconding.newest_closing(case.id) is None


def test_a_case_that_a_colleague_closes_directly_waits_for_nothing_more(
    case: Case, officer: Account, colleague: Account
) -> None:
    end(case, officer)

    after = end(case, colleague, photos=[photo("d" * 32)])

    assert not after.is_open
    assert seconding.waiting_closing(case.id) is None
