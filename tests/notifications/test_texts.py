"""Who has only a number hears of a case by text message: short, honest, with the way to stop it."""

from typing import Any

import pytest
from flask import Flask

from cps.accounts import services as accounts
from cps.accounts.models import Account
from cps.cases.models import Case, CaseContact
from cps.cases.reference import display
from cps.cases.rules import EventKind, Outcome, Status
from cps.core import clock as real_clock
from cps.core import outbox, worker
from cps.core.db import db, transaction
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.core.sms_budget import SmsPurpose
from cps.core.sms_text import segments
from cps.notifications import links
from cps.notifications.models import Message, TextMessage
from tests.complaints.steps import file_one
from tests.support import factories
from tests.support.site import Site

ONE, OTHER = "+821012345678", "+821087654321"
BY_PHONE = {"phone": ONE}


def work() -> list[TextMessage]:
    worker.run_until_idle()
    db.session.rollback()
    failures = db.session.scalars(db.select(OutboxFact.last_error).where(OutboxFact.last_error != "")).all()
    assert failures == []
    return list(db.session.scalars(db.select(TextMessage).order_by(TextMessage.id)))


def news(case: Case, kind: EventKind = EventKind.UPDATED, **columns: Any) -> list[TextMessage]:
    event = factories.make_event(case, kind, **{"message": "The lamp is ordered.", **columns})
    with transaction():
        outbox.state(Fact.CASE_EVENT, event.id, at=real_clock.now())
    return work()


def make_phone_account(phone: str = ONE) -> Account:
    with transaction():
        key = accounts.account_for_address(phone, language="en", at=real_clock.now()).id
    return db.session.get_one(Account, key)


def link_of(text: TextMessage) -> str:
    return text.text.rsplit("http://localhost", 1)[1].strip()


def test_whoever_files_with_a_number_gets_the_number_of_the_case_and_the_way_back(site: Site) -> None:
    case = file_one(site, factories.make_category(), email="０１０-1234-5678")

    (sent,) = work()

    assert sent.phone == ONE
    assert sent.purpose is SmsPurpose.NEWS
    assert sent.text.startswith(f"Testford has your report {display(case.reference)}.")
    assert segments(sent.text) <= 2
    assert db.session.scalars(db.select(Message)).all() == []
    contact = db.session.get_one(CaseContact, case.id)
    assert (contact.phone, contact.email) == (ONE, "")


def test_the_last_page_of_filing_says_that_we_write_to_the_number(site: Site) -> None:
    file_one(site, factories.make_category(), email="010-1234-5678")

    assert site.page.has("We write to 010-1234-5678 at each step.")


def test_an_answer_goes_by_text_message_to_who_has_only_a_number(app: Flask) -> None:
    case = factories.make_complaint(contact=BY_PHONE)
    factories.make_complaint(contact={"phone": OTHER})

    (sent,) = news(case)

    first, words, more = sent.text.split("\n")
    assert first == f"Testford: News from the city ({display(case.reference)})."
    assert words == "The lamp is ordered."
    assert more.startswith("More, or stop these messages: http://localhost/t/")
    assert "mail" not in sent.text.lower()


def test_who_has_both_gets_a_mail_and_no_paid_message(app: Flask) -> None:
    case = factories.make_complaint(contact={**BY_PHONE, "email": "kim@example.test"})

    assert news(case) == []
    assert len(db.session.scalars(db.select(Message)).all()) == 1


def test_an_account_with_only_a_number_is_told_of_its_own_case_and_of_those_it_follows(
    app: Flask,
) -> None:
    reporter, follower = make_phone_account(), make_phone_account(OTHER)
    case = factories.make_complaint(reporter=reporter)
    factories.make_follow(case, follower)

    sent = news(case)

    assert [text.phone for text in sent] == [ONE, OTHER]
    assert link_of(sent[0]) != link_of(sent[1])


def test_who_reported_the_same_thing_is_led_to_their_own_case(app: Flask, site: Site) -> None:
    main = factories.make_complaint()
    joined = factories.make_complaint(
        Status.CLOSED, outcome=Outcome.JOINED, joined_to_id=main.id, contact=BY_PHONE
    )

    (sent,) = news(main)

    assert site.get(link_of(sent)).has(display(joined.reference))


def test_of_a_private_case_a_message_holds_no_words(app: Flask) -> None:
    case = factories.make_complaint(is_private=True, contact=BY_PHONE)

    (sent,) = news(case)

    assert "ordered" not in sent.text
    assert case.title not in sent.text


def test_a_closed_case_asks_whether_it_is_fixed(app: Flask) -> None:
    case = factories.make_complaint(Status.CLOSED, contact=BY_PHONE)

    (sent,) = news(case, EventKind.MOVED, status=Status.CLOSED, outcome=Outcome.FIXED)

    assert sent.text.startswith("Testford: Fixed (")
    assert "Is it fixed? Say yes or no on the page." in sent.text


def test_a_question_says_how_to_answer_without_the_page(app: Flask) -> None:
    case = factories.make_complaint(contact=BY_PHONE)

    (sent,) = news(case, EventKind.ASKED, message="Which lamp?")

    assert "Answer on the page, or call +82 59-555-0100." in sent.text


def test_a_long_answer_is_cut_and_a_korean_one_sooner(app: Flask) -> None:
    case = factories.make_complaint(contact=BY_PHONE)

    english, korean = news(case, message="word " * 100), news(case, message="답변입니다 " * 100)

    assert segments(english[0].text) <= 2
    assert segments(korean[1].text) <= 3


def test_the_link_opens_the_case_to_its_reporter_and_stops_the_messages_with_one_button(
    app: Flask, site: Site
) -> None:
    case = factories.make_complaint(contact=BY_PHONE, is_private=True)
    (sent,) = news(case)

    page = site.get(link_of(sent))
    assert factories.secret_of(case) in page.link("Open the case")
    page = site.submit(page, form=link_of(sent))
    assert page.has("No more text messages about this case come to you.")

    assert len(news(case)) == 1
    assert db.session.get_one(CaseContact, case.id).phone == ONE


def test_a_follower_stops_with_the_link_too(app: Flask, site: Site) -> None:
    follower = make_phone_account()
    case = factories.make_complaint()
    factories.make_follow(case, follower)
    (sent,) = news(case)

    page = site.get(link_of(sent))
    assert factories.secret_of(case) not in page.html
    site.submit(page, form=link_of(sent))

    assert len(news(case)) == 1


def test_opening_the_link_alone_stops_nothing(app: Flask, site: Site) -> None:
    case = factories.make_complaint(contact=BY_PHONE)
    (sent,) = news(case)

    site.get(link_of(sent))

    assert len(news(case)) == 2


@pytest.mark.parametrize("change", ["0", "a"])
def test_a_link_that_was_not_made_here_leads_nowhere(app: Flask, site: Site, change: str) -> None:
    case = factories.make_complaint(contact=BY_PHONE)
    token = links.short_token(case.id)
    forged = token[:-1] + (change if token[-1] != change else "1")

    assert site.get(f"/t/{forged}").status == 404
    assert site.get(f"/t/{links.short_token(case.id + 100)}").status == 404


def test_a_number_that_was_written_for_calling_gets_no_message(app: Flask) -> None:
    case = factories.make_complaint(contact={"phone": "059-555-0210"})

    assert news(case) == []
