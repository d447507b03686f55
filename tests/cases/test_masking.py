"""Numbers and addresses in texts are masked as they are written; what stood there is kept apart."""

import contextlib

import pytest

from cps.cases import queries, services
from cps.cases.models import Case, CaseContact, CaseOriginal, EventOriginal
from cps.cases.queries import Filter
from cps.cases.rules import Audience, EventKind, Status
from cps.cases.services import NewCase
from cps.core import clock
from cps.core.db import db, transaction
from cps.notifications import services as notifications
from cps.notifications.models import Message
from tests.support import factories as make
from tests.support.factories import ZONE

pytestmark = pytest.mark.usefixtures("app")

PHONE, MAIL = "010-4711-0815", "kim.unmasked@example.org"
HIDDEN_PHONE, HIDDEN_MAIL = "[phone number hidden]", "[e-mail address hidden]"


def filed(body: str, language: str = "en") -> Case:
    category = make.make_category()
    with transaction():
        new = NewCase(body=body, language=language, category=category)
        return services.file_case(new, zone=ZONE, at=clock.now()).case


def anew(case: Case) -> Case:
    db.session.rollback()
    db.session.expire_all()
    return queries.get_case(case.reference)


def test_everybody_reads_a_filed_case_without_its_numbers() -> None:
    case = anew(filed(f"Call {PHONE} or write to {MAIL}, please."))

    assert case.body == f"Call {HIDDEN_PHONE} or write to {HIDDEN_MAIL}, please."
    assert case.title.startswith(f"Call {HIDDEN_PHONE}")


def test_what_was_written_is_shown_where_it_is_asked_for() -> None:
    case = anew(filed(f"Call {PHONE}, please."))

    queries.show_originals([case])

    assert (case.title, case.body) == (f"Call {PHONE}, please.",) * 2
    assert not db.session.is_modified(case)


def test_a_case_with_nothing_to_hide_keeps_no_second_text() -> None:
    filed("The lamp is broken since 2026-11-02, lamp post 1234567.")

    assert db.session.scalars(db.select(CaseOriginal)).all() == []


def test_what_stands_for_a_number_is_in_the_language_of_the_text() -> None:
    make.make_complaint(body=f"Another one, {PHONE}")
    case = anew(filed(f"{PHONE}로 연락 주세요", language="xx"))

    assert case.body == f"{HIDDEN_PHONE}로 연락 주세요"  # of a language nobody has translated: in English


def test_nobody_learns_by_searching_whether_a_number_stands_in_a_case() -> None:
    filed(f"The lamp is broken, call {PHONE}")

    assert [row.title for row in queries.listed(Filter(words="lamp")).rows] != []
    assert queries.listed(Filter(words=PHONE)).rows == []
    assert queries.listed(Filter(words="0815")).rows == []


def test_a_line_full_of_numbers_still_fits_its_column() -> None:
    case = make.make_complaint(title="555-1234 " * 22, address="555-1234, " * 30)

    again = anew(case)

    assert len(again.title) <= 200
    assert len(again.address) <= 300
    assert "555" not in again.title + again.address


def test_the_citys_own_numbers_stay() -> None:
    make.make_department("Water", phone="059-555-0177")
    said = "Call +82 59-555-0100, 059 555 0100, 555-0177 or 059-555-0177, not 059-555-0178"

    case = anew(filed(said))

    assert case.body == said.replace("059-555-0178", HIDDEN_PHONE)


def test_the_number_of_a_case_stays_but_no_other_of_its_shape() -> None:
    other = make.make_complaint()
    shown = f"{other.reference[:4]}-{other.reference[4:8]}-{other.reference[8:]}"

    assert anew(filed(f"The same as {shown}")).body == f"The same as {shown}"
    assert anew(filed("My card is 2611-4839-1260")).body == "My card is [number hidden]"


def test_answers_to_questions_are_masked_and_kept() -> None:
    case = anew(make.make_complaint(answers={"who": ["the janitor", PHONE], "depth": ["deep"]}))

    assert case.answers == {"who": ["the janitor", HIDDEN_PHONE], "depth": ["deep"]}
    queries.show_originals([case])
    assert case.answers["who"] == ["the janitor", PHONE]


def test_a_public_event_is_masked_and_what_only_staff_and_reporter_read_is_not() -> None:
    case = make.make_complaint()
    for audience in Audience:
        make.make_event(case, EventKind.UPDATED, audience=audience, message=f"Call {PHONE}")

    events = queries.story(case.id, reader=Audience.STAFF, at=clock.now())
    said = {event.audience: event.message for event in events if event.kind is EventKind.UPDATED}

    assert said[Audience.PUBLIC] == f"Call {HIDDEN_PHONE}"
    assert said[Audience.REPORTER] == said[Audience.STAFF] == f"Call {PHONE}"
    assert len(db.session.scalars(db.select(EventOriginal)).all()) == 1


def said_by_staff(message: str) -> str:
    case = filed("The lamp is broken.")
    with transaction() as session:
        contact = session.get_one(CaseContact, case.id)
        contact.phone, contact.email = "+821047110815", MAIL
    said = make.make_event(case, EventKind.UPDATED, message=message, actor_id=make.make_officer().id)
    return said.message


def test_whom_to_call_stays_in_what_the_city_answers() -> None:
    message = "The parish looks after the clock (059-555-0174, office@parish.example)."

    assert said_by_staff(message) == message


@pytest.mark.parametrize("own", [PHONE, "+82 10 4711 0815", MAIL, MAIL.upper()])
def test_the_city_never_says_publicly_how_the_reporter_is_reached(own: str) -> None:
    assert said_by_staff(f"We called {own} and nobody answered.") in {
        f"We called {HIDDEN_PHONE} and nobody answered.",
        f"We called {HIDDEN_MAIL} and nobody answered.",
    }


def test_the_city_never_says_publicly_what_somebodys_identity_number_is() -> None:
    assert said_by_staff("Holder of 900101-1234567.") == "Holder of [number hidden]."


def test_a_text_that_is_corrected_forgets_what_it_said_before() -> None:
    case = filed(f"Call {PHONE}, please.")

    with transaction():
        locked = queries.lock_case(case.reference)
        locked.body = "Please look."

    again = anew(case)
    queries.show_originals([again])
    assert again.body == "Please look."
    assert again.title == f"Call {PHONE}, please."


def test_moving_a_case_leaves_what_was_masked_as_it_is() -> None:
    case = make.make_complaint(body=f"Call {PHONE}")
    officer = make.make_officer()

    with transaction():
        services.take(queries.lock_case(case.reference), by=officer, at=clock.now())

    again = anew(case)
    assert again.status is Status.IN_PROGRESS
    assert again.body == f"Call {HIDDEN_PHONE}"
    queries.show_originals([again])
    assert again.body == f"Call {PHONE}"


def test_what_comes_of_a_transaction_that_was_undone_is_kept_nowhere() -> None:
    case = filed("Please look.")

    with contextlib.suppress(RuntimeError), transaction():
        queries.lock_case(case.reference).body = f"Call {PHONE}"
        db.session.flush()
        raise RuntimeError
    with transaction():
        queries.lock_case(case.reference).title = "Another title"

    assert anew(case).body == "Please look."
    assert db.session.scalars(db.select(CaseOriginal)).all() == []


def test_the_reporter_is_written_to_in_full_and_followers_are_not() -> None:
    reporter, follower = make.make_resident(), make.make_resident()
    case = make.make_complaint(reporter=reporter, title=f"Ask {PHONE}")
    make.make_follow(case, follower)
    event = make.make_event(case, EventKind.UPDATED, message=f"We called {PHONE}")

    with transaction():
        notifications.tell_event(event.id, at=clock.now())

    letters = {m.address: m for m in db.session.scalars(db.select(Message))}
    assert PHONE in letters[reporter.email].body_text
    assert PHONE in letters[reporter.email].subject
    assert PHONE not in letters[follower.email].body_text + letters[follower.email].body_html
    assert PHONE not in letters[follower.email].subject
    assert HIDDEN_PHONE in letters[follower.email].body_text
