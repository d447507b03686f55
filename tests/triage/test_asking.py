"""Asking the resident from the desk, the answer by one tap without an account, and a case nobody answers."""

import pytest

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.rules import EventKind, Outcome, Status
from cps.core import worker
from cps.departments.models import Category
from tests.complaints.steps import photo
from tests.support.factories import make_complaint, secret_of
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site
from tests.triage.steps import at, do, events, now

ASKS = "On which side of the street?"


@pytest.fixture
def case(category: Category, officer: Account) -> Case:
    """A case of the officer; another one stands beside it."""
    make_complaint(Status.IN_PROGRESS, category=category, assignee=officer)
    return make_complaint(
        Status.IN_PROGRESS, category=category, assignee=officer, contact={"email": "kim@testford.test"}
    )


def ask(desk: Site, case: Case, clock: Clock, **more: object) -> Page:
    fields = {"message": ASKS, "to": "waiting-resident", "choices": "Left\nRight", "days": "2", **more}
    page = do(desk, case, "reply", **fields)
    clock.move(seconds=11)  # nobody outside reads it before
    return page


def opened_by_link(desk: Site, case: Case) -> Page:
    return desk.another().get(f"/complaints/{display(case.reference)}/key/{secret_of(case)}")


def reply_to(case: Case) -> str:
    return f"/complaints/{display(case.reference)}/reply"


def test_a_resident_answers_with_one_tap_and_a_photo_by_the_link_alone(
    desk: Site, case: Case, clock: Clock
) -> None:
    ask(desk, case, clock)
    resident = desk.another()
    page = resident.get(f"/complaints/{display(case.reference)}/key/{secret_of(case)}")
    assert page.has(ASKS)
    assert page.has("Please reply until Friday 20 November.")

    page = resident.submit(page, form=reply_to(case), button="Right", photos=(photo(), "side.jpg"))

    assert page.has("Thank you. Your message is with the city.")
    assert events(case, EventKind.REPLIED)[-1].message == "Right"
    assert (now(case).photo_count, now(case).status) == (1, Status.IN_PROGRESS)
    assert desk.get(at(case)).has("The reporter replied")
    assert "Reply received" in desk.get("/desk?box=replies").text


def test_a_question_is_shown_once_it_is_out_and_others_see_no_buttons(
    desk: Site, case: Case, clock: Clock
) -> None:
    do(desk, case, "reply", message=ASKS, to="waiting-resident", choices="Left\nRight")

    assert "Left" not in opened_by_link(desk, case).text
    clock.move(seconds=11)
    assert "Left" in opened_by_link(desk, case).text
    assert "Left" not in desk.another().get(f"/complaints/{display(case.reference)}").text


@pytest.mark.parametrize(
    "more", [{"choices": "Only one"}, {"choices": "a\nb\nc\nd\ne"}, {"choices": "a\nb", "to": ""}]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_answers_to_tap_that_cannot_be_offered_are_refused_and_kept(
    desk: Site, case: Case, more: dict[str, str]
) -> None:
    page = do(desk, case, "reply", **{"message": ASKS, "to": "waiting-resident", **more})

    assert page.status == 422
    form = page.form(at(case, "reply"))
    assert (form.value("message"), form.value("choices")) == (ASKS, more["choices"])
    assert now(case).status is Status.IN_PROGRESS


def test_a_tap_after_the_end_says_so_and_keeps_the_words_where_they_help(
    desk: Site, case: Case, clock: Clock
) -> None:
    ask(desk, case, clock)
    resident = desk.another()
    page = resident.get(f"/complaints/{display(case.reference)}/key/{secret_of(case)}")
    do(desk, case, "close", outcome="answered", message="We found it.")
    clock.move(seconds=11)

    page = resident.submit(page, form=reply_to(case), button="Left", message="It is dark again.")

    assert page.status == 422
    assert page.has("The case was closed meanwhile, so your message was not sent.")
    form = page.form(f"/complaints/{display(case.reference)}/not-fixed")
    assert form.value("message") == "It is dark again."
    assert events(case, EventKind.REPLIED) == []


def test_an_undone_question_is_never_asked(desk: Site, case: Case, clock: Clock) -> None:
    page = do(desk, case, "reply", message=ASKS, to="waiting-resident", choices="Left\nRight")
    desk.submit(page, form=".desk-undo form")

    clock.move(days=20)
    worker.run_until_idle()

    assert (now(case).status, now(case).has_unread_reply) == (Status.IN_PROGRESS, False)
    assert "Left" not in opened_by_link(desk, case).text


def test_a_case_without_a_reply_comes_back_with_words_to_close_it(
    desk: Site, case: Case, clock: Clock
) -> None:
    ask(desk, case, clock)
    clock.move(days=4)
    worker.run_until_idle()

    assert "No reply" in desk.get("/desk?box=replies").text
    page = desk.get(at(case))
    assert page.has("No reply came until Friday 20 November")
    desk.submit(page, form=at(case, "close"))

    assert (now(case).status, now(case).outcome) == (Status.CLOSED, Outcome.CANNOT_BE_DONE)
    assert "have no reply" in events(case, EventKind.MOVED)[-1].message
