"""Every kind of message can be looked at in every language, and holds no markup of what people wrote."""

import email
from email import policy

import pytest
from flask import Flask

from cps.cases.reference import display
from cps.cases.rules import EventKind
from cps.core import city as cities
from cps.core.db import db
from cps.notifications import previews
from cps.notifications.failed import queries as failed
from cps.notifications.models import Message
from tests.notifications.test_telling import tell
from tests.support import factories as make
from tests.support.site import Site


@pytest.mark.one_database("words alone")
def test_every_kind_is_written_in_every_language_as_text_and_as_html_without_tables(app: Flask) -> None:
    city = cities.get()
    for name, sample in previews.SAMPLES.items():
        for language in city.languages:
            letter, short = previews.written(sample, language, city)
            assert letter.subject, name
            assert "<table" not in letter.html, name
            assert len(letter.text.split()) > 5, name
            assert "mail" not in short.lower() if language == "en" else True, name
    assert list(db.session.new) == []


@pytest.mark.one_database("words alone")
def test_letters_of_moderation_are_among_them_with_reason_and_way_to_appeal(app: Flask) -> None:
    city = cities.get()

    hidden, short = previews.written(previews.SAMPLES["hidden"], "en", city)
    refused, _short = previews.written(previews.SAMPLES["appeal-refused"], "en", city)

    assert "/appeal/1" in hidden.text
    assert "personal data" in hidden.text.lower()
    assert short.startswith(
        "Testford: The city hid something you wrote (2611-0000-0000). Reason: personal data."
    )
    assert "/appeal/" not in refused.text
    assert {"blacked-out", "shown-again", "objection"} <= set(previews.SAMPLES)


@pytest.mark.one_database("words alone")
def test_what_people_wrote_stands_in_the_html_as_words(app: Flask) -> None:
    nasty = "<img src=x onerror=alert(1)>\"'</p><script>"
    case = make.make_complaint(title=nasty, contact={"email": "kim@example.test"})

    (message,) = tell(make.make_event(case, EventKind.UPDATED, message=nasty))

    assert "<img" not in message.body_html
    assert "<script" not in message.body_html
    assert "\n" not in message.subject


@pytest.mark.one_database("pages alone")
def test_administrators_look_at_a_message_and_take_it_as_a_mail(app: Flask, site: Site) -> None:
    site.sign_in(make.make_administrator())

    assert site.get("/admin/messages/fixed?language=ko").has("시험시")
    sent = email.message_from_bytes(
        site.get("/admin/messages/fixed/mail.eml?language=en").data, policy=policy.default
    )

    assert [part.get_content_type() for part in sent.iter_parts()] == ["text/plain", "text/html"]
    assert sent["Content-Language"] == "en"


def test_what_was_given_up_is_shown_without_the_address_and_sent_again_but_no_code(
    app: Flask, site: Site
) -> None:
    now = make.clock.now()
    lost = {
        "channel": "mail", "address": "kim.minji@example.test", "language": "en", "subject": "News",
        "body_text": "News", "created_at": now, "run_at": now, "failed_at": now, "attempts": 3,
        "last_error": "550 5.1.1 <kim.minji@example.test> unknown",
    }  # fmt: skip
    news, code = (Message(dedupe_key=key, **lost) for key in ("event:1:x", "code:1:x"))
    make.save(news, code)
    site.sign_in(make.make_administrator())

    page = site.get("/admin/deliveries")
    assert page.has("550 5.1.1")
    assert "kim.minji" not in page.text
    site.submit(page, form=f"/admin/deliveries/mail/{news.id}/again")

    assert [one.id for one in failed.given_up()] == [code.id]
    assert failed.lock_undelivered(Message, code.id) is None


def test_what_was_given_up_about_a_complaint_about_staff_is_not_told_to_administrators(
    app: Flask, site: Site
) -> None:
    now = make.clock.now()
    case = make.make_complaint(is_private=True, is_integrity=True)
    lost = Message(
        dedupe_key="event:1:x", channel="mail", address="kim@minji.test", language="en", subject="News",
        body_text="News", created_at=now, run_at=now, failed_at=now, attempts=3, last_error="550",
        case_id=case.id,
    )  # fmt: skip
    make.save(lost)

    page = site.sign_in(make.make_administrator()).get("/admin/deliveries")

    assert "minji.test" not in page.text
    assert display(case.reference) not in page.text
