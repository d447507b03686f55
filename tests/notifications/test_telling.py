"""Who is told of what, in which language, and how often: once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from cps.accounts.models import Account
from cps.accounts.rules import AccountState
from cps.cases.models import Case, CaseContact, CaseEvent, Follow
from cps.cases.reference import hash_secret
from cps.cases.rules import Audience, EventKind, Outcome, Status
from cps.cases.services import Contact, NewCase, file_case, move
from cps.cases.services.filing import link_secret
from cps.core import clock as real_clock
from cps.core import outbox, worker
from cps.core.db import db, transaction
from cps.core.models import Job, OutboxFact
from cps.core.outbox import Fact
from cps.notifications.models import Message, MessageWish
from cps.notifications.rules import Pace, Topic
from cps.notifications.services import telling
from tests.support import factories
from tests.support.fixtures import Clock

MINE = {"email": "reporter@example.test"}


def tell(event: CaseEvent) -> Sequence[Message]:
    """State the event and return every message there is afterwards."""
    with transaction():
        outbox.state(Fact.CASE_EVENT, event.id, at=real_clock.now())
    return work()


def work() -> Sequence[Message]:
    worker.run_until_idle()
    db.session.rollback()
    failures = db.session.scalars(db.select(OutboxFact.last_error).where(OutboxFact.last_error != "")).all()
    assert failures == []
    return db.session.scalars(db.select(Message).order_by(Message.id)).all()


def news(case: Case, kind: EventKind = EventKind.UPDATED, **columns: Any) -> Sequence[Message]:
    return tell(factories.make_event(case, kind, **{"message": "The lamp is ordered.", **columns}))


def addresses(messages: Sequence[Message]) -> list[str]:
    return sorted(message.address for message in messages)


def file(**contact: str) -> Case:
    category = factories.make_category()
    with transaction() as session:
        new = NewCase(
            body="The lamp is dark.",
            language="en",
            category=session.merge(category),
            contact=Contact(**contact),
        )
        return file_case(new, zone=factories.ZONE, at=real_clock.now()).case


def test_whoever_files_with_an_address_gets_number_promise_and_the_secret_link(app: Flask) -> None:
    case = file(email="kim@example.test")
    factories.make_complaint(contact=MINE)

    (message,) = work()

    assert message.address == "kim@example.test"
    reference = f"{case.reference[:4]}-{case.reference[4:8]}-{case.reference[8:]}"
    assert message.subject == f"The city has your report {reference}"
    assert f"/complaints/{reference}/key/{link_secret(case.reference)}" in message.body_text
    assert "Answer promised by: Monday 23 November" in message.body_text
    assert message.unsubscribe_url == ""


def test_whoever_files_without_an_address_gets_nothing(app: Flask) -> None:
    file()

    assert work() == []


def test_the_reason_of_a_transfer_is_written_by_who_gave_the_case(app: Flask) -> None:
    roads, water = factories.make_department("Roads"), factories.make_department("Water")
    case = factories.make_complaint(contact=MINE, department=water)
    data = {"from": roads.id, "to": water.id}

    (message,) = news(case, EventKind.TRANSFERRED, message="A pipe.", data=data)

    assert "Roads writes:" in message.body_text
    assert "Who has it: Water" in message.body_text


def test_news_reach_reporter_and_followers_once_each(app: Flask) -> None:
    case = factories.make_complaint(contact=MINE)
    first, second = factories.make_resident(), factories.make_resident()
    factories.make_follow(case, first, second)
    factories.make_follow(factories.make_complaint(), factories.make_resident())
    event = factories.make_event(case, message="The lamp is ordered.")

    tell(event)
    messages = tell(event)

    assert addresses(messages) == sorted(["reporter@example.test", first.email, second.email])
    assert all("> The lamp is ordered." in message.body_text for message in messages)


def test_a_reporter_with_an_account_is_told_at_the_accounts_address(app: Flask) -> None:
    reporter = factories.make_resident()
    case = factories.make_complaint(reporter=reporter)

    (message,) = news(case)

    assert (message.address, message.account_id) == (reporter.email, reporter.id)


def test_a_reporter_who_also_follows_is_told_once(app: Flask) -> None:
    reporter = factories.make_resident()
    case = factories.make_complaint(reporter=reporter)
    factories.make_follow(case, reporter)

    (message,) = news(case)

    assert "because you sent this" in message.body_text


def test_one_address_gets_one_message_whichever_way_it_is_known(app: Flask) -> None:
    follower = factories.make_resident(email="kim@example.test")
    case = factories.make_complaint(contact={"email": "Kim@example.test"})
    factories.make_follow(case, follower)

    assert len(news(case)) == 1


def test_nobody_is_told_of_their_own_act(app: Flask) -> None:
    officer, reporter = factories.make_officer(), factories.make_resident()
    case = factories.make_complaint(reporter=reporter)
    factories.make_follow(case, officer)

    assert addresses(news(case, actor_id=officer.id)) == [reporter.email]
    assert addresses(news(case, actor_id=reporter.id)) == sorted([reporter.email, officer.email])


@pytest.mark.parametrize(
    "kind", [EventKind.REPLIED, EventKind.CONFIRMED_FIXED, EventKind.PHOTO_ADDED, EventKind.FILED]
)
def test_the_reporters_own_words_go_to_nobody(app: Flask, kind: EventKind) -> None:
    case = factories.make_complaint(contact=MINE)
    factories.make_follow(case, factories.make_resident())

    assert news(case, kind) == []


def test_that_it_is_not_fixed_is_told_to_the_others(app: Flask) -> None:
    case = factories.make_complaint(contact=MINE, status=Status.REOPEN_ASKED)
    follower = factories.make_resident()
    factories.make_follow(case, follower)

    (message,) = news(case, EventKind.REOPEN_ASKED, status=Status.REOPEN_ASKED)

    assert message.address == follower.email
    assert "The person who reported it writes:" in message.body_text


def test_a_question_goes_to_the_reporter_alone_with_the_link_to_answer(app: Flask) -> None:
    case = file(email="kim@example.test")
    factories.make_follow(case, factories.make_resident())

    _filed, question = news(
        case, EventKind.ASKED, status=Status.WAITING_RESIDENT, message="Which side of the street?"
    )

    assert question.address == "kim@example.test"
    assert "> Which side of the street?" in question.body_text
    assert "Now: Waiting for your answer" in question.body_text
    assert "Answer the city:\nhttp://localhost/complaints/" in question.body_text
    assert link_secret(case.reference) in question.body_text


def test_a_closed_case_asks_its_reporter_whether_it_is_fixed(app: Flask) -> None:
    case = file(email="kim@example.test")
    follower = factories.make_resident()
    factories.make_follow(case, follower)
    closed = {"status": Status.CLOSED, "outcome": Outcome.FIXED}

    _filed, *messages = news(case, EventKind.MOVED, message="Replaced.", **closed)

    texts = {message.address: message.body_text for message in messages}
    assert "Is it fixed?" in texts["kim@example.test"]
    assert link_secret(case.reference) in texts["kim@example.test"]
    assert "Is it fixed?" not in texts[follower.email]
    assert link_secret(case.reference) not in texts[follower.email]


def test_the_move_of_an_officer_tells_its_people(app: Flask) -> None:
    case = factories.make_complaint(contact=MINE)
    officer = factories.make_officer(case.department)
    with transaction() as session:
        row = session.get_one(Case, case.id)
        move(
            row,
            Status.PLANNED,
            by=session.merge(officer),
            at=real_clock.now(),
            message="In May.",
            language="en",
        )

    (message,) = work()

    assert message.subject == f"Planned – {case.title}"


@pytest.mark.parametrize("audience", [Audience.STAFF, Audience.REPORTER])
def test_what_is_not_for_everybody_does_not_reach_followers(app: Flask, audience: Audience) -> None:
    case = factories.make_complaint(contact=MINE)
    factories.make_follow(case, factories.make_resident())

    told = ["reporter@example.test"] if audience is Audience.REPORTER else []
    assert addresses(news(case, audience=audience)) == told


def test_of_a_private_case_only_the_reporter_is_told_and_the_subject_says_nothing(app: Flask) -> None:
    case = factories.make_complaint(contact=MINE, is_private=True)
    factories.make_follow(case, factories.make_resident())

    (message,) = news(case)

    assert message.address == "reporter@example.test"
    assert case.title not in message.subject


def test_of_a_complaint_about_staff_a_mail_holds_no_words(app: Flask) -> None:
    case = factories.make_complaint(contact=MINE, is_private=True, is_integrity=True)

    (message,) = news(case, message="We heard the witness.")

    for said in (message.subject, message.body_text, message.body_html):
        assert case.title not in said
        assert "witness" not in said


def test_of_a_hidden_case_only_its_reporter_is_told(app: Flask) -> None:
    case = factories.make_complaint(contact=MINE, is_hidden=True)
    factories.make_follow(case, factories.make_resident())

    assert [message.address for message in news(case)] == [MINE["email"]]


def test_who_reported_the_same_thing_hears_the_answer_too(app: Flask) -> None:
    case = factories.make_complaint(contact=MINE)
    factories.make_complaint(
        Status.CLOSED, outcome=Outcome.JOINED, joined_to_id=case.id, contact={"email": "joined@example.test"}
    )

    messages = news(case, EventKind.MOVED, status=Status.CLOSED, outcome=Outcome.FIXED)

    texts = {message.address: message.body_text for message in messages}
    assert set(texts) == {"reporter@example.test", "joined@example.test"}
    assert "the case that yours was joined to" in texts["joined@example.test"]
    assert "Is it fixed?" not in texts["joined@example.test"]


def test_a_joined_case_leads_to_the_other_one(app: Flask) -> None:
    other = factories.make_complaint()
    case = factories.make_complaint(
        Status.CLOSED, outcome=Outcome.JOINED, joined_to_id=other.id, contact=MINE
    )

    (message,) = news(case, EventKind.JOINED, status=Status.CLOSED, outcome=Outcome.JOINED)

    assert other.reference[:4] + "-" + other.reference[4:8] in message.body_text


def test_people_who_cannot_be_reached_are_left_out(app: Flask) -> None:
    case = factories.make_complaint(contact={"email": ""})
    factories.make_follow(
        case,
        factories.make_resident(state=AccountState.BLOCKED),
        factories.make_resident(state=AccountState.DELETED, email=""),
    )

    assert news(case) == []


def test_each_is_written_to_in_their_language_and_the_city_is_quoted_in_its_own(app: Flask) -> None:
    case = factories.make_complaint(contact={**MINE, "language": "ko"})
    english, unknown = factories.make_resident(language="en"), factories.make_resident(language="xx")
    factories.make_follow(case, english, unknown)

    messages = news(case, message="전구를 주문했습니다.", language="ko")

    found = {message.address: message for message in messages}
    assert found["reporter@example.test"].language == "ko"
    assert found[english.email].language == "en"
    assert found[unknown.email].language == "en", "the city's own"
    assert '<html lang="ko"' in found["reporter@example.test"].body_html
    assert '<blockquote lang="ko" dir="auto">' in found[english.email].body_html


def test_what_people_type_is_escaped_in_html_and_faithful_in_text(app: Flask) -> None:
    title = "<script>alert(1)</script> & “more”"
    case = factories.make_complaint(contact=MINE, title=title)

    (message,) = news(case, message="Line one\n<b>two</b>")

    assert title in message.body_text
    assert "> Line one\n> <b>two</b>" in message.body_text
    assert "<script>" not in message.body_html
    assert "<b>" not in message.body_html
    assert "Line one<br>&lt;b&gt;two&lt;/b&gt;" in message.body_html


def test_a_title_of_several_lines_makes_one_line_of_subject(app: Flask) -> None:
    case = factories.make_complaint(contact=MINE, title="Dark\r\nBcc: everybody@example.test\n lamp")

    (message,) = news(case)

    assert "\n" not in message.subject
    assert "\r" not in message.subject


def test_what_was_taken_back_before_it_became_public_is_told_to_nobody(app: Flask, clock: Clock) -> None:
    case = factories.make_complaint(contact=MINE)
    event = factories.make_event(case, public_from=clock.now + timedelta(seconds=10))
    with transaction() as session:
        outbox.state(Fact.CASE_EVENT, event.id, at=clock.now, not_before=event.public_from)
        session.delete(session.get_one(CaseEvent, event.id))

    assert work() == []
    clock.move(seconds=10)
    assert work() == []


def test_the_link_of_a_case_with_another_secret_is_its_public_page(app: Flask) -> None:
    case = factories.make_complaint(contact=MINE)
    with transaction() as session:
        session.get_one(CaseContact, case.id).secret_hash = hash_secret("made under another key")

    (message,) = news(case)

    assert "/key/" not in message.body_text
    assert "for you alone" not in message.body_text
    assert f"http://localhost/complaints/{case.reference[:4]}-" in message.body_text


def test_a_code_stands_first_in_its_mail_and_not_in_the_subject(app: Flask) -> None:
    with transaction():
        outbox.state(
            Fact.CODE_WANTED, 1, at=real_clock.now(), address="kim@example.test", code="314159",
            purpose="sign-in", language="en",
        )  # fmt: skip

    (message,) = work()

    assert message.subject == "Your code for Testford"
    assert message.body_text.startswith("314 159\n")
    assert message.case_id is None
    assert db.session.scalars(db.select(OutboxFact.payload)).all() == [{}]


def test_a_code_whose_number_was_that_of_a_deleted_one_is_sent_too(app: Flask) -> None:
    for code in ("314159", "271828"):
        with transaction():
            outbox.state(
                Fact.CODE_WANTED, 1, at=real_clock.now(), address="kim@example.test", code=code,
                purpose="sign-in", language="en",
            )  # fmt: skip
        messages = work()

    assert [message.body_text[:7] for message in messages] == ["314 159", "271 828"]


def test_somebody_with_an_account_is_told_so_instead_of_getting_a_second_one(app: Flask) -> None:
    with transaction():
        outbox.state(
            Fact.ADDRESS_ALREADY_KNOWN, 1, at=real_clock.now(), address="kim@example.test", code="314159",
            purpose="sign-in", language="en",
        )  # fmt: skip

    (message,) = work()

    assert message.body_text.startswith("314 159\n")
    assert "You have one already" in message.body_text


def make_crowd(case: Case, count: int) -> None:
    """Let many residents follow a case, in a few statements."""
    now = real_clock.now()
    start = 1_000_000
    accounts = [
        {"id": start + n, "email": f"crowd{n}@example.test", "email_verified_at": now, "created_at": now,
         "version": 1, "display_name": "", "phone": "", "language": "ko" if n % 3 else "en",
         "password_hash": "", "state": AccountState.ACTIVE}
        for n in range(count)
    ]  # fmt: skip
    with transaction() as session:
        session.execute(insert(Account), accounts)
        session.execute(
            insert(Follow), [{"case_id": case.id, "account_id": row["id"], "at": now} for row in accounts]
        )
        wish = {"topic": Topic.FOLLOWED, "pace": Pace.AT_ONCE}
        session.execute(insert(MessageWish), [{"account_id": row["id"], **wish} for row in accounts])


def test_a_crowd_of_followers_is_told_in_portions_each_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "FOLLOWERS_AT_ONCE", 40)
    case = factories.make_complaint(contact=MINE)
    make_crowd(case, 100)

    event = factories.make_event(case)

    tell(event)
    messages = tell(event)

    assert len({message.address for message in messages}) == len(messages) == 101
    assert db.session.scalar(db.select(db.func.count()).select_from(Job)) == 4


def test_a_case_that_is_hidden_meanwhile_is_told_to_no_more_followers(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "FOLLOWERS_AT_ONCE", 40)
    case = factories.make_complaint()
    make_crowd(case, 100)
    event = factories.make_event(case)
    with transaction() as session:
        telling.tell_event(event.id, at=real_clock.now())
        session.get_one(Case, case.id).is_hidden = True

    assert len(work()) == 40


def test_a_contact_that_was_anonymised_gets_nothing(app: Flask) -> None:
    case = file(email="kim@example.test")
    with transaction() as session:
        contact = session.get_one(CaseContact, case.id)
        contact.email, contact.secret_hash = "", hash_secret("gone")

    assert work() == []
