"""What an officer does to a case: each act done, each act refused, nothing typed lost."""

import pytest
from sqlalchemy import select

from cps.accounts.models import Account
from cps.cases.reference import display
from cps.cases.rules import MOVES as TABLE
from cps.cases.rules import OPEN, Audience, CaseKind, EventKind, Outcome, Priority, Status
from cps.core import clock, outbox
from cps.core.db import db
from cps.core.models import AccessRow, OutboxFact
from cps.departments.models import Category, Department, ReplyTemplate
from cps.triage.rules import moves_with_reply
from tests.complaints.steps import photo
from tests.support.factories import (
    make_category,
    make_complaint,
    make_department,
    make_event,
    make_integrity_officer,
    make_officer,
    make_resident,
    save,
    triage_department,
)
from tests.support.site import Site
from tests.triage.steps import WORDS, at, audited, do, events, now, sent

ACTS = ["take", "release", "reply", "close", "transfer", "sort", "note", "join", "reopen", "read", "contact"]


def test_taking_a_case_makes_the_officer_responsible_and_puts_it_in_hand(
    desk: Site, category: Category, officer: Account
) -> None:
    case, other = make_complaint(category=category), make_complaint(category=category)

    page = do(desk, case, "take")

    assert page.status == 200
    assert page.has("The case is yours.")
    assert page.has("You have it")
    assert (now(case).assignee_id, now(case).status) == (officer.id, Status.IN_PROGRESS)
    assert audited(case) == ["assign-case"]
    assert now(other).assignee_id is None


def test_a_case_is_taken_over_from_a_colleague_but_not_from_oneself(
    desk: Site, category: Category, roads: Department, officer: Account
) -> None:
    case = make_complaint(Status.IN_PROGRESS, category=category, assignee=make_officer(roads))

    page = do(desk, case, "take", button="Take overa")

    assert now(case).assignee_id == officer.id
    assert page.has("Give back")
    assert desk.post_raw(at(case, "take"), sent(now(case), form_key="other")).status == 422


def test_a_case_given_back_lies_in_new_again(desk: Site, category: Category, officer: Account) -> None:
    case = make_complaint(Status.IN_PROGRESS, category=category, assignee=officer, has_unread_reply=True)

    page = do(desk, case, "release")

    assert page.has("The case is back with the department.")
    after = now(case)
    assert (after.assignee_id, after.status, after.has_unread_reply) == (None, Status.TRIAGED, True)
    assert case.title in desk.get("/desk").all(".desk-title")


def test_a_case_that_waits_goes_on_waiting_when_it_is_given_back(
    desk: Site, category: Category, officer: Account
) -> None:
    case = make_complaint(Status.WAITING_OTHERS, category=category, assignee=officer)

    do(desk, case, "release")

    assert (now(case).assignee_id, now(case).status) == (None, Status.WAITING_OTHERS)


def test_nobody_gives_back_what_a_colleague_has(desk: Site, category: Category, roads: Department) -> None:
    case = make_complaint(Status.IN_PROGRESS, category=category, assignee=make_officer(roads))

    page = desk.post_raw(at(case, "release"), sent(case))

    assert page.status == 422
    assert now(case).assignee_id == case.assignee_id


def test_a_reply_that_only_tells_leaves_the_case_where_it_is(desk: Site, category: Category) -> None:
    case = make_complaint(Status.PLANNED, category=category, has_unread_reply=True)

    page = do(desk, case, "reply", message=WORDS)

    assert page.has("Sent to the resident and everybody who follows.")
    (told,) = events(case, EventKind.UPDATED)
    assert (told.message, told.language, told.audience) == (WORDS, "en", Audience.PUBLIC)
    assert (now(case).status, now(case).has_unread_reply) == (Status.PLANNED, False)
    facts = db.session.scalars(select(OutboxFact.fact)).all()
    assert facts == [outbox.Fact.CASE_EVENT.value]


MOVES = [
    (status, to)
    for status in sorted(OPEN & set(TABLE[CaseKind.COMPLAINT]))
    for to in moves_with_reply(CaseKind.COMPLAINT, status)
]


@pytest.mark.parametrize(("status", "to"), MOVES)
@pytest.mark.first_case("the rules stand in a table of the program")
def test_a_reply_moves_the_case_where_asked_and_gives_it_to_the_officer(
    desk: Site, category: Category, officer: Account, status: Status, to: Status
) -> None:
    case = make_complaint(status, category=category)

    do(desk, case, "reply", message=WORDS, to=to.value)

    after = now(case)
    assert (after.status, after.assignee_id) == (to, officer.id)
    kind = EventKind.ASKED if to is Status.WAITING_RESIDENT else EventKind.MOVED
    assert (events(case, kind)[-1].message, events(case, kind)[-1].status) == (WORDS, to)
    assert audited(case) == ["assign-case", "move-case"]


def test_a_reply_leaves_a_colleagues_case_with_the_colleague(
    desk: Site, category: Category, roads: Department
) -> None:
    colleague = make_officer(roads)
    case = make_complaint(Status.IN_PROGRESS, category=category, assignee=colleague)

    do(desk, case, "reply", message=WORDS, to="planned")

    assert now(case).assignee_id == colleague.id


def test_triage_replies_for_a_department_without_taking_its_case(site: Site, category: Category) -> None:
    case = make_complaint(category=category)

    do(site.sign_in(make_officer(triage_department())), case, "reply", message=WORDS, to="planned")

    assert (now(case).status, now(case).assignee_id) == (Status.PLANNED, None)


def test_a_reply_in_another_script_is_kept_in_its_language(desk: Site, category: Category) -> None:
    case = make_complaint(category=category)

    do(desk, case, "reply", message="화요일에 갑니다.")

    assert [e.language for e in events(case, EventKind.UPDATED)] == ["ko"]


@pytest.mark.parametrize("to", ["closed", "triaged", "reopen-asked", "draft", "x", "\x00"])
@pytest.mark.first_case("the rules stand in a table of the program")
def test_a_reply_makes_no_move_that_is_not_offered(desk: Site, category: Category, to: str) -> None:
    case = make_complaint(category=category)
    fields = sent(case, message=WORDS, to=to)

    page = desk.post_raw(at(case, "reply"), fields)

    assert page.status == 422
    assert page.form(at(case, "reply")).value("message") == WORDS
    assert now(case).version == case.version


@pytest.mark.parametrize("act", ["take", "reply", "close", "transfer", "sort", "join"])
@pytest.mark.first_case("the rules stand in a table of the program")
def test_a_closed_case_takes_no_other_act_and_gives_the_words_back(
    desk: Site, category: Category, act: str
) -> None:
    case = make_complaint(Status.CLOSED, category=category)
    water = make_department("Water")
    into = make_complaint(category=category)
    fields = sent(
        case,
        message=WORDS,
        reason=WORDS,
        outcome="answered",
        department=water.code,
        category=category.code,
        priority="urgent",
        into=into.reference,
    )

    page = desk.post_raw(at(case, act), fields)

    assert page.status == 422
    assert page.has("This case cannot make that step from where it is now.")
    assert now(case).version == case.version
    if act in {"reply", "close", "transfer", "join"}:
        assert page.text_of(".notice .words").startswith("We come on Tuesday.")


def test_a_transfer_with_a_reason_leads_to_the_list_because_the_case_is_gone(
    desk: Site, category: Category
) -> None:
    case, water = make_complaint(category=category), make_department("Water")
    roads_id, due_at = case.department_id, case.due_at

    page = do(
        desk, case, "transfer", query="?box=department&priority=normal", department=water.code, reason=WORDS
    )

    assert page.path == "/desk?box=department&priority=normal"
    assert page.has("The case is with the other department.")
    after = now(case)
    assert (after.department_id, after.due_at) == (water.id, due_at)
    (handed,) = events(case, EventKind.TRANSFERRED)
    assert (handed.message, handed.data) == (WORDS, {"from": roads_id, "to": water.id})
    assert desk.get(at(case)).status == 404


def test_an_officer_of_both_departments_stays_with_a_transferred_case(site: Site, category: Category) -> None:
    case, water = make_complaint(category=category), make_department("Water")

    triage = site.sign_in(make_officer(triage_department()))

    page = do(triage, case, "transfer", department=water.code, reason=WORDS)

    assert page.path.startswith(at(case))


@pytest.mark.parametrize("department", ["", "own", "closed-down", "none", "\x00", "x" * 500])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_case_goes_only_to_a_department_that_is_offered(
    desk: Site, category: Category, roads: Department, department: str
) -> None:
    make_department("Gone", code="closed-down", is_active=False)
    case = make_complaint(category=category)
    code = roads.code if department == "own" else department
    fields = sent(case, department=code, reason=WORDS)

    page = desk.post_raw(at(case, "transfer"), fields)

    assert page.status == 422
    assert page.all(".error-summary li") == ["Choose a department from the list."]
    assert page.form(at(case, "transfer")).value("reason") == WORDS
    assert now(case).department_id == roads.id


def test_a_transfer_without_a_reason_is_refused_and_keeps_the_choice(desk: Site, category: Category) -> None:
    case, water = make_complaint(category=category), make_department("Water")

    page = do(desk, case, "transfer", department=water.code, reason=" \n ")

    assert page.status == 422
    assert page.form(at(case, "transfer")).value("department") == water.code


def test_category_and_priority_are_corrected_and_the_due_date_stays(
    desk: Site, category: Category, roads: Department
) -> None:
    case = make_complaint(category=category)
    other = make_category("Drain", department=roads, service_time=1)

    page = do(desk, case, "sort", category=other.code, priority="urgent")

    assert page.has("Saved.")
    after = now(case)
    assert (after.category_id, after.priority, after.due_at) == (other.id, Priority.URGENT, case.due_at)
    assert audited(case) == ["categorise-case", "prioritise-case"]
    assert not events(case, EventKind.CATEGORISED)[0].message


def test_sorting_that_changes_nothing_leaves_no_trace(desk: Site, category: Category) -> None:
    case = make_complaint(category=category)

    do(desk, case, "sort")

    assert (audited(case), now(case).version) == ([], case.version)


@pytest.mark.parametrize("code", ["", "staff", "retired", "none", "\x00"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_case_is_sorted_only_into_a_category_that_is_offered(
    desk: Site, category: Category, code: str
) -> None:
    make_category("Staff", code="staff", is_integrity=True)
    make_category("Retired", code="retired", is_active=False)
    case = make_complaint(category=category)
    fields = sent(case, category=code, priority="urgent")

    page = desk.post_raw(at(case, "sort"), fields)

    assert page.status == 422
    assert page.all(".error-summary li") == ["Choose a category from the list."]
    assert (now(case).category_id, now(case).priority) == (category.id, Priority.NORMAL)


@pytest.mark.parametrize("priority", ["", "high", "\x00"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_there_is_no_other_priority(desk: Site, category: Category, priority: str) -> None:
    case = make_complaint(category=category)
    fields = sent(case, category=category.code, priority=priority)

    assert desk.post_raw(at(case, "sort"), fields).status == 422
    assert now(case).priority is Priority.NORMAL


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.CLOSED])
def test_a_note_is_for_staff_alone_and_can_be_left_on_every_case(
    desk: Site, category: Category, status: Status
) -> None:
    case = make_complaint(status, category=category)

    page = do(desk, case, "note", message=WORDS)

    assert page.has("The note is saved.")
    assert [(e.message, e.audience) for e in events(case, EventKind.NOTED)] == [(WORDS, Audience.STAFF)]
    assert not desk.another().get(f"/complaints/{display(case.reference)}").has("We come on Tuesday")
    assert db.session.scalars(select(OutboxFact)).all() == []


def test_a_case_is_joined_to_another_and_leads_there(desk: Site, category: Category) -> None:
    case, into = make_complaint(category=category), make_complaint(category=category)

    page = do(desk, case, "join", into=display(into.reference), message=WORDS)

    assert page.has("The cases are joined.")
    after = now(case)
    assert (after.outcome, after.joined_to_id) == (Outcome.JOINED, into.id)
    assert page.link(display(into.reference))


@pytest.mark.parametrize("typed", ["x", "2611-0000-0000", "\x00", "own", "private"])
def test_a_case_is_joined_only_to_another_that_is_there_for_all(
    desk: Site, category: Category, typed: str
) -> None:
    case = make_complaint(category=category)
    private = make_complaint(category=category, is_private=True)
    number = {"own": case.reference, "private": private.reference}.get(typed, typed)

    page = do(desk, case, "join", into=number, message=WORDS)

    assert page.status == 422
    assert page.form(at(case, "join")).value("message") == WORDS
    assert now(case).status is Status.RECEIVED


def test_a_reply_that_needs_no_answer_is_marked_as_read(desk: Site, category: Category) -> None:
    case = make_complaint(Status.IN_PROGRESS, category=category, has_unread_reply=True)
    make_event(case, EventKind.REPLIED, audience=Audience.REPORTER, message="It is the left one.")

    assert desk.get(at(case)).text_of(".desk-reply") == "It is the left one."
    page = do(desk, case, "read", query="?box=replies")

    assert page.has("The reply is marked as read.")
    assert not now(case).has_unread_reply
    assert audited(case) == ["read-reply"]
    assert page.path == at(case, query="?box=replies")


def test_a_template_is_put_into_the_message_and_nothing_is_sent(
    desk: Site, category: Category, roads: Department
) -> None:
    make_template("rain", roads.id)
    case = make_complaint(category=category)

    page = do(desk, case, "reply", message="Good morning.", to="planned", template="rain", button="Insert")

    assert page.status == 200
    form = page.form(at(case, "reply"))
    assert form.value("message") == "Good morning.\n\nThank you for telling us."
    assert form.value("to") == "planned"
    assert now(case).version == case.version

    desk.submit(page, form=at(case, "reply"), button="Send the reply")
    assert events(case, EventKind.MOVED)[-1].message == "Good morning.\n\nThank you for telling us."


def test_a_template_speaks_the_language_of_the_resident(
    desk: Site, category: Category, roads: Department
) -> None:
    make_template("rain", roads.id)
    case = make_complaint(category=category, language="ko")

    page = do(desk, case, "close", template="rain", button="Insert", photos=(photo(), "work.jpg"))

    assert page.form(at(case, "close")).value("message") == "알려 주셔서 감사합니다."
    assert page.has("work.jpg")


@pytest.mark.parametrize("code", ["", "of-others", "none", "\x00"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_only_a_template_of_the_department_is_inserted(
    desk: Site, category: Category, roads: Department, code: str
) -> None:
    make_template("rain", roads.id)
    make_template("of-others", make_department("Water").id)
    case = make_complaint(category=category)
    fields = sent(case, message=WORDS, template=code)

    page = desk.post_raw(at(case, "reply"), {**fields, "insert_template": "1"})

    assert page.status == 422
    assert page.has("Choose a template, then press Insert.")
    assert page.form(at(case, "reply")).value("message") == WORDS


def make_template(code: str, department_id: int | None) -> ReplyTemplate:
    return save(
        ReplyTemplate(
            code=code,
            department_id=department_id,
            title={"en": f"About {code}"},
            body={"en": "Thank you for telling us.", "ko": "알려 주셔서 감사합니다."},
            updated_at=clock.now(),
        )
    )


def test_the_reporters_contact_is_shown_when_asked_for_and_it_is_recorded(
    desk: Site, category: Category, officer: Account
) -> None:
    reporter = make_resident()
    contact = {"name": "Mina Park", "email": "mina@testford.test", "phone": "+821047110815"}
    case = make_complaint(category=category, reporter=reporter, contact=contact)
    assert not desk.get(at(case)).has("Mina Park")

    page = do(desk, case, "contact")

    for words in ("Mina Park", "mina@testford.test", "010-4711-0815"):
        assert page.has(words)
    (row,) = db.session.scalars(select(AccessRow)).all()
    assert (row.actor_id, row.subject_id, row.case_id, row.what) == (
        officer.id,
        reporter.id,
        case.id,
        "contact",
    )


def test_a_reporter_with_an_account_is_reached_by_it(desk: Site, category: Category) -> None:
    reporter = make_resident(email="mina@testford.test", display_name="Mina Park")

    page = do(desk, make_complaint(category=category, reporter=reporter), "contact")

    assert page.has("Mina Park")
    assert page.has("mina@testford.test")


def test_a_reporter_who_left_nothing_is_not_to_be_reached(desk: Site, category: Category) -> None:
    assert do(desk, make_complaint(category=category), "contact").has("The reporter left no contact.")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.first_case("who may do what is decided by the program")
def test_no_act_reaches_a_case_of_another_department(desk: Site, act: str) -> None:
    case = make_complaint()

    page = desk.post_raw(at(case, act), sent(case))

    assert page.status == 404
    assert now(case).version == case.version
    assert db.session.scalars(select(AccessRow)).all() == []


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.first_case("who may do what is decided by the program")
def test_no_act_of_another_officer_reaches_a_complaint_about_staff(
    desk: Site, roads: Department, act: str
) -> None:
    staff = make_category("Staff", is_integrity=True, department=roads)
    case = make_complaint(category=staff, is_private=True, is_integrity=True)

    assert desk.post_raw(at(case, act), sent(case)).status == 404


def test_the_integrity_officer_works_complaints_about_staff(site: Site, roads: Department) -> None:
    staff = make_category("Staff", is_integrity=True, department=roads)
    case = make_complaint(category=staff, is_private=True, is_integrity=True)

    do(site.sign_in(make_integrity_officer()), case, "reply", message=WORDS, to="in-progress")

    assert now(case).status is Status.IN_PROGRESS


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.first_case("who may do what is decided by the program")
def test_no_act_is_done_without_the_token_of_the_page(desk: Site, category: Category, act: str) -> None:
    case = make_complaint(category=category)

    page = desk.post_raw(at(case, act), sent(case), with_token=False)

    assert page.status == 400
    assert now(case).version == case.version


def test_after_an_act_box_filters_and_page_are_as_before(desk: Site, category: Category) -> None:
    case = make_complaint(category=category)
    query = f"?box=department&category={category.code}&priority=normal"

    page = do(desk, case, "take", query=query)

    assert page.redirects == [(303, at(case, query=query))]
