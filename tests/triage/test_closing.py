"""Closing a case with outcome, words and proof, and opening it again; photos are never lost on the way."""

import pytest
from sqlalchemy import select

from cps.accounts.models import Account
from cps.cases.models import Attachment
from cps.cases.reference import display
from cps.cases.rules import MOVES, OPEN, CaseKind, EventKind, Outcome, PhotoStage, Status
from cps.core import clock
from cps.core.db import db
from cps.departments.models import Category, Department
from tests.complaints.steps import photo
from tests.support.factories import make_category, make_complaint, make_event
from tests.support.fixtures import Clock
from tests.support.site import Site
from tests.triage.steps import WORDS, at, do, events, now, sent


@pytest.mark.parametrize("outcome", ["fixed", "answered", "not-ours", "cannot-be-done"])
def test_a_case_is_closed_with_outcome_and_words(desk: Site, category: Category, outcome: str) -> None:
    case = make_complaint(Status.IN_PROGRESS, category=category)

    page = do(desk, case, "close", outcome=outcome, message=WORDS, whose="Power company")

    assert page.has("The case is closed.")
    after = now(case)
    assert (after.status, after.outcome, after.closed_at) == (Status.CLOSED, Outcome(outcome), clock.now())
    assert events(case, EventKind.MOVED)[-1].message == WORDS
    assert case.title not in page.all(".desk-title")


def test_what_is_not_the_citys_to_do_says_to_everybody_whose_it_is(
    desk: Site, category: Category, clock: Clock
) -> None:
    case = make_complaint(Status.IN_PROGRESS, category=category)

    page = do(desk, case, "close", outcome="not-ours", message=WORDS)
    assert (page.status, page.has("Say whose it is, so that the resident knows whom to ask.")) == (422, True)
    do(desk, case, "close", outcome="not-ours", message=WORDS, whose="Power company")

    assert events(case, EventKind.MOVED)[-1].data["whose"] == "Power company"
    clock.move(minutes=1)
    assert desk.get(f"/complaints/{display(case.reference)}").has("Whose it is: Power company")


@pytest.mark.parametrize("status", sorted(OPEN & set(MOVES[CaseKind.COMPLAINT])))
@pytest.mark.first_case("the rules stand in a table of the program")
def test_a_case_is_closed_from_wherever_it_is(desk: Site, category: Category, status: Status) -> None:
    case = make_complaint(status, category=category)

    do(desk, case, "close", outcome="answered", message=WORDS)

    assert (now(case).status, now(case).outcome) == (Status.CLOSED, Outcome.ANSWERED)


def test_a_repair_is_closed_with_a_photo_of_the_work(desk: Site, roads: Department) -> None:
    case = make_complaint(category=make_category(department=roads, is_repair=True))

    page = do(desk, case, "close", outcome="fixed", message=WORDS, photos=[photo(), (photo("navy"), "b.jpg")])

    assert page.status == 200
    found = db.session.scalars(select(Attachment).where(Attachment.case_id == case.id)).all()
    assert [p.stage for p in found] == [PhotoStage.AFTER] * 2
    assert all(p.event_id == events(case, EventKind.MOVED)[-1].id for p in found)
    assert now(case).photo_count == 2
    assert desk.get(f"/photos/{found[0].name}/large").status == 200


def test_a_repair_is_not_called_fixed_without_proof(desk: Site, roads: Department) -> None:
    case = make_complaint(category=make_category(department=roads, is_repair=True))

    page = do(desk, case, "close", outcome="fixed", message=WORDS)

    assert page.status == 422
    assert page.all(".error-summary li") == ["Add a photo of the work, or say why there is none."]
    form = page.form(at(case, "close"))
    assert (form.value("message"), form.value("outcome")) == (WORDS, "fixed")
    assert now(case).status is Status.RECEIVED

    desk.submit(page, form=at(case, "close"), why_no_photo="It lies under the road.")
    assert now(case).outcome is Outcome.FIXED
    assert desk.get(at(case)).has("It lies under the road.")


def test_closing_without_words_or_outcome_marks_both_and_keeps_the_photo(
    desk: Site, category: Category
) -> None:
    case = make_complaint(category=category)

    page = do(desk, case, "close", photos=(photo(), "work.jpg"))

    assert page.status == 422
    assert page.all(".error-summary li") == [
        "Choose how the case ends.",
        "Write a message. The resident will read it.",
    ]
    assert page.has("work.jpg")

    desk.submit(page, form=at(case, "close"), outcome="fixed", message=WORDS)
    assert now(case).photo_count == 1


def test_a_photo_that_arrived_can_be_left_out_again(desk: Site, category: Category) -> None:
    case = make_complaint(category=category)
    page = do(desk, case, "close", photos=[(photo(), "good.jpg"), (photo("navy"), "wrong.jpg")])
    good = page.form(at(case, "close")).values["kept_photo"][0]

    desk.submit(page, form=at(case, "close"), outcome="fixed", message=WORDS, kept_photo=[good])

    assert now(case).photo_count == 1


def test_a_refused_photo_keeps_all_words_and_the_photos_that_were_good(
    desk: Site, category: Category
) -> None:
    case = make_complaint(category=category)
    files = [(photo(), "good.jpg"), (b"<svg onload='x()'/>", "bad.svg"), (b"", "empty.jpg")]

    page = do(desk, case, "close", outcome="answered", message=WORDS, photos=files)

    assert page.status == 422
    summary = page.text_of(".error-summary")
    assert "bad.svg" in summary
    assert "empty.jpg" in summary
    form = page.form(at(case, "close"))
    assert (form.value("message"), form.value("outcome")) == (WORDS, "answered")
    assert page.has("good.jpg")
    assert now(case).status is Status.RECEIVED

    desk.submit(page, form=at(case, "close"))
    assert (now(case).outcome, now(case).photo_count) == (Outcome.ANSWERED, 1)


def test_more_photos_than_a_case_takes_are_named_and_the_others_kept(desk: Site, category: Category) -> None:
    case = make_complaint(category=category)
    files = [(photo(), f"no-{n}.jpg") for n in range(7)]

    page = do(desk, case, "close", outcome="answered", message=WORDS, photos=files)

    assert page.status == 422
    assert "no-6.jpg: at most 6 photos" in page.text_of(".error-summary")
    desk.submit(page, form=at(case, "close"))
    assert now(case).photo_count == 6


@pytest.mark.parametrize("note", ["", "x", "e30.x.y", "A" * 10_000, "\x00"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_forged_note_of_a_photo_is_no_photo(desk: Site, category: Category, note: str) -> None:
    case = make_complaint(category=category)
    fields = sent(case, message=WORDS, outcome="answered")

    desk.post_raw(at(case, "close"), {**fields, "kept_photo": note})

    assert (now(case).status, now(case).photo_count) == (Status.CLOSED, 0)


def test_a_photo_is_hung_on_one_case_only(desk: Site, category: Category) -> None:
    first, second = make_complaint(category=category), make_complaint(category=category)
    page = do(desk, first, "close", outcome="answered", photos=photo())
    note = page.form(at(first, "close")).value("kept_photo")
    desk.submit(page, form=at(first, "close"), message=WORDS)

    fields = sent(second, message=WORDS, outcome="answered")
    desk.post_raw(at(second, "close"), {**fields, "kept_photo": note})

    assert (now(first).photo_count, now(second).photo_count) == (1, 0)
    assert now(second).status is Status.CLOSED


@pytest.mark.parametrize("outcome", ["joined", "accepted", "x", ""])
@pytest.mark.first_case("the rules stand in a table of the program")
def test_no_other_outcome_closes_a_complaint(desk: Site, category: Category, outcome: str) -> None:
    case = make_complaint(category=category)
    fields = sent(case, message=WORDS, outcome=outcome)

    page = desk.post_raw(at(case, "close"), fields)

    assert page.status == 422
    assert page.all(".error-summary li") == ["Choose how the case ends."]
    assert now(case).status is Status.RECEIVED


def test_a_closed_case_is_opened_again_with_words_to_the_public(
    desk: Site, category: Category, officer: Account
) -> None:
    case = make_complaint(Status.CLOSED, category=category)

    page = do(desk, case, "reopen", message=WORDS)

    assert page.has("The case is open again.")
    after = now(case)
    assert (after.status, after.outcome, after.assignee_id) == (Status.IN_PROGRESS, None, officer.id)
    assert events(case, EventKind.MOVED)[-1].message == WORDS


def test_a_closed_case_is_not_opened_again_without_words(desk: Site, category: Category) -> None:
    case = make_complaint(Status.CLOSED, category=category)

    page = do(desk, case, "reopen", message=" \n ")

    assert page.status == 422
    assert page.all(".error-summary li") == ["Write a message. The resident will read it."]
    assert now(case).status is Status.CLOSED


@pytest.mark.parametrize("status", sorted(OPEN & set(MOVES[CaseKind.COMPLAINT])))
@pytest.mark.first_case("the rules stand in a table of the program")
def test_an_open_case_is_not_opened_again_and_the_words_come_back(
    desk: Site, category: Category, status: Status
) -> None:
    case = make_complaint(status, category=category)

    page = desk.post_raw(at(case, "reopen"), sent(case, message=WORDS))

    assert page.status == 422
    assert page.has("This case cannot make that step from where it is now.")
    assert page.text_of(".notice .words").startswith("We come on Tuesday.")
    assert (now(case).status, now(case).version) == (status, case.version)


def test_what_the_reporter_says_who_says_no_stands_above_all_else_until_somebody_works_on_it(
    desk: Site, category: Category
) -> None:
    case = make_complaint(Status.REOPEN_ASKED, category=category)
    make_event(case, EventKind.REOPEN_ASKED, message="The old no.")
    make_event(case, EventKind.REOPEN_ASKED, message="It drips still.", status=Status.REOPEN_ASKED)

    assert desk.get(at(case)).all(".desk-reply") == ["It drips still."]

    do(desk, case, "take")
    assert desk.get(at(case)).all(".desk-reply") == []
