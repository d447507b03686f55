"""Mails become cases or replies, once each; machines are never answered; what came back is told to staff."""

import subprocess
import sys
from email.message import EmailMessage

import pytest
from flask import Flask

from cps.cases.models import Attachment, Case, CaseContact, CaseEvent
from cps.cases.rules import Audience, Channel
from cps.channels.mail.receiving import receive
from cps.channels.queries import mail_way
from cps.channels.rules import WayKind
from cps.core import clock as real_clock
from cps.core import worker
from cps.core.db import db
from cps.core.storage import current_storage
from cps.notifications import delivery, links
from cps.notifications.models import BouncedAddress, Message
from tests.channels.support import Gateway, cases, gateway, messages
from tests.channels.test_mail_reading import REPORT, written
from tests.complaints.steps import photo
from tests.support.factories import make_category, make_complaint, make_follow, make_resident, save
from tests.support.fixtures import Clock, Database

CITY = "city@testford.example"
REPORTER = "minji@example.org"


@pytest.fixture
def box(app: Flask) -> Gateway:
    """The mailbox of the city."""
    make_category("Something else", code="other")
    return gateway(app, WayKind.MAIL, "post", address=CITY)


def take(mail: EmailMessage | bytes) -> str:
    way = mail_way()
    assert way is not None
    return receive(mail if isinstance(mail, bytes) else mail.as_bytes(), way, at=real_clock.now())


def letters() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Message).order_by(Message.id)))


def notes(case_id: int) -> list[str]:
    staff = (CaseEvent.case_id == case_id, CaseEvent.audience == Audience.STAFF)
    return list(db.session.scalars(db.select(CaseEvent.message).where(*staff)))


def test_a_mail_is_a_case_with_its_photo_and_the_letter_answers_it(box: Gateway) -> None:
    mail = written("The lamp at the gate is out.\n-- \nMinji", Subject="Lamp out")
    mail.add_attachment(photo(), maintype="image", subtype="jpeg", filename="lamp.jpg")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")

    assert take(mail) == "landed"
    worker.run_until_idle()

    (case,), (row,), (letter,) = cases(), messages(), letters()
    assert (case.title, case.body) == ("Lamp out", "The lamp at the gate is out.")
    assert (case.channel, case.is_private, case.photo_count) == (Channel.MAIL, True, 1)
    assert db.session.get_one(CaseContact, case.id).email == REPORTER
    assert any("plan.pdf" in note for note in notes(case.id))
    assert current_storage().get(row.original_key) == mail.as_bytes()
    assert (letter.in_reply_to, letter.takes_replies) == ("<one@example.org>", True)


def test_the_same_mail_again_is_taken_once_also_without_a_number_of_its_own(box: Gateway) -> None:
    unnamed = written()
    del unnamed["Message-ID"]

    assert [take(written()), take(written()), take(unnamed), take(unnamed)] == [
        "landed", "taken", "noted", "taken",
    ]  # fmt: skip
    assert len(cases()) == 1


def test_the_mail_server_hands_a_mail_over_by_the_command(box: Gateway, database: Database) -> None:
    command = [sys.executable, "-m", "cps", "mail", "receive"]

    ran = subprocess.run(
        command, input=written().as_bytes(), env=database.environment(), capture_output=True, check=False
    )

    assert (ran.returncode, ran.stdout.decode().strip()) == (0, "landed"), ran.stderr.decode()
    assert [case.body for case in cases()] == ["The lamp is out."]


def test_a_mail_service_hands_a_mail_over_by_the_hook(box: Gateway) -> None:
    assert box.send(written().as_bytes(), secret="another").status_code == 401
    assert box.send(written().as_bytes()).json == {"state": "landed"}
    assert len(cases()) == 1


def make_case(**columns: object) -> Case:
    return make_complaint(contact={"email": REPORTER}, **columns)  # type: ignore[arg-type]


@pytest.mark.parametrize("by", ["address", "thread", "subject"])
def test_a_reply_lands_in_its_case_without_what_it_quotes(box: Gateway, by: str) -> None:
    case = make_case()
    make_case()
    headers = {
        "address": {"To": links.reply_address(case.id, CITY).upper(), "From": "other@example.org"},
        "thread": {"References": f"<x@y.example> {links.thread_of(case.id, 'localhost')}"},
        "subject": {"Subject": f"Re: Your report [{case.reference}]"},
    }

    assert take(written("The second one.\n\nOn Monday you wrote:\n> Which?", **headers[by])) == "joined"

    (row,) = messages()
    reply = db.session.scalars(db.select(CaseEvent).where(CaseEvent.message.startswith("The second"))).one()
    assert (row.case_id, reply.case_id, reply.audience) == (case.id, case.id, Audience.REPORTER)
    assert reply.message == "The second one."


def test_what_a_follower_or_a_stranger_answers_waits_for_a_person(box: Gateway) -> None:
    case = make_case()
    follower = make_resident()
    make_follow(case, follower)

    for number, sender in enumerate((follower.email, "stranger@example.org")):
        thread = links.thread_of(case.id, "localhost")
        mail = written(From=sender, References=thread, Message_ID=f"<{number}@example.org>")
        assert take(mail) == "quarantined"

    assert [(row.reason, row.case_id) for row in messages()] == [("not-reporter", case.id)] * 2
    assert len(cases()) == 1


def test_the_letters_to_a_reporter_can_be_answered_and_those_to_followers_cannot(box: Gateway) -> None:
    take(written())
    worker.run_until_idle()
    (letter,) = letters()
    envelope = delivery._envelope(letter)

    (case,) = cases()
    assert links.case_of_reply_address(envelope.reply_to) == case.id
    assert links.case_of_thread(envelope.thread) == case.id
    assert "You can answer this mail" in letter.body_text
    assert links.case_of_reply_address(envelope.reply_to.replace("+", "+1")) is None


@pytest.mark.parametrize(
    ("headers", "state", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "noted", "automatic"),
        ({"Auto_Submitted": "auto-generated"}, "quarantined", "automatic"),
        ({"List_Id": "<news.shop.example>"}, "quarantined", "mailing-list"),
        ({"From": CITY}, "noted", "own-mail"),
        ({"Return_Path": "<>"}, "noted", "bounce"),
        ({"From": "nobody"}, "quarantined", "no-sender"),
    ],
)
def test_what_machines_write_makes_no_case_and_gets_no_answer(
    box: Gateway, headers: dict[str, str], state: str, reason: str
) -> None:
    assert take(written(**headers)) == state
    worker.run_until_idle()

    assert [row.reason for row in messages()] == [reason]
    assert (cases(), letters()) == ([], [])


def bounced(case: Case, *, recipient: str = REPORTER, status: str = "5.1.1") -> bytes:
    told = (REPORT % {b"action": b"failed", b"status": status.encode()}).decode()
    told = told.replace("Minji@Example.org", recipient)
    own = links.reply_address(case.id, CITY)
    return told.replace("city+2a-0123456789abcdef@testford.example", own).encode()


def returned(dedupe_key: str, recipient: str, *, status: str = "5.1.1") -> bytes:
    """Return the report that a mail to somebody who reported nothing came back."""
    told = (REPORT % {b"action": b"failed", b"status": status.encode()}).decode()
    told = told.replace("Minji@Example.org", recipient)
    own = f"<{links.message_tag(dedupe_key)}@testford.example>"
    return told.replace("city+2a-0123456789abcdef@testford.example", own).encode()


def test_a_bounce_is_told_to_staff_once_and_one_about_others_not_at_all(box: Gateway) -> None:
    case = make_case()

    take(bounced(case))
    take(bounced(case, status="5.2.1"))
    take(bounced(make_case(), recipient="somebody@else.example"))
    worker.run_until_idle()

    told = [row.message for row in db.session.scalars(db.select(CaseEvent)) if "comes back" in row.message]
    assert told == ["Mail to the reporter comes back (5.1.1). Reach them another way."]
    assert letters() == []


def test_an_account_whose_mail_comes_back_is_to_be_asked_for_its_address(box: Gateway) -> None:
    reporter = make_resident(email=REPORTER)
    make_resident()

    take(bounced(make_complaint(reporter=reporter)))

    assert db.session.scalars(db.select(BouncedAddress.account_id)).all() == [reporter.id]


def test_a_mail_to_a_follower_that_comes_back_days_later_is_matched_by_its_own_id(
    box: Gateway, clock: Clock
) -> None:
    follower, other = make_resident(email=REPORTER), make_resident(email="other@example.org")
    sent, waiting, foreign = (
        Message(
            dedupe_key=f"digest:{number}", channel="mail", address="", account_id=account.id, language="en",
            subject="", body_text="", created_at=real_clock.now(), run_at=real_clock.now(), done_at=done,
        )
        for number, account, done in (
            (1, follower, real_clock.now()), (2, other, None), (3, other, real_clock.now()),
        )
    )  # fmt: skip
    save(sent, waiting, foreign)
    clock.move(days=5)

    for key, recipient in ((foreign, REPORTER), (waiting, other.email), (sent, other.email)):
        take(returned(key.dedupe_key, recipient))
    assert db.session.scalars(db.select(BouncedAddress.account_id)).all() == []
    take(returned(sent.dedupe_key, REPORTER, status="4.4.1"))
    assert db.session.scalars(db.select(BouncedAddress.account_id)).all() == []
    take(returned(sent.dedupe_key, REPORTER))

    assert db.session.scalars(db.select(BouncedAddress.account_id)).all() == [follower.id]
    worker.run_until_idle()
    assert [one.dedupe_key for one in letters()] == ["digest:1", "digest:2", "digest:3"], (
        "nobody is written to"
    )


def test_a_mail_to_a_reporter_that_comes_back_days_later_is_told_to_staff(box: Gateway, clock: Clock) -> None:
    case = make_case()
    clock.move(days=9)

    take(bounced(case))
    worker.run_until_idle()

    assert len([note for note in notes(case.id) if "comes back" in note]) == 1


def test_of_thirty_attachments_the_first_photos_are_kept_and_the_others_named(box: Gateway) -> None:
    mail = written()
    for number in range(30):
        mail.add_attachment(
            photo(f"#{number * 8:02x}8080"), maintype="image", subtype="jpeg", filename=f"p{number}.jpg"
        )

    take(mail)

    (case,) = cases()
    assert case.photo_count == db.session.scalar(db.select(db.func.count(Attachment.id))) == 6
    assert messages()[0].left_out == [f"p{number}.jpg" for number in range(6, 30)]


@pytest.mark.settings(rate_limits=True)
def test_of_a_mail_bomb_the_rest_is_set_apart_and_nothing_is_lost(box: Gateway) -> None:
    states = [take(written(f"The lamp {n} is out.", Message_ID=f"<{n}@example.org>")) for n in range(23)]

    assert states == ["landed"] * 20 + ["quarantined"] * 3
    assert all(row.original_key for row in messages())


def test_a_mail_that_is_too_long_keeps_its_words_and_says_so(
    box: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cps.channels.mail.reading.LONGEST_MAIL", 2_000)
    mail = written("The lamp is out.")
    mail.add_attachment(b"x" * 5_000, maintype="application", subtype="zip", filename="a.zip")

    assert take(mail) == "landed"
    assert cases()[0].body == "The lamp is out."
    assert messages()[0].left_out[-1] == "the rest of a mail of more than 20 MB"


def test_what_others_write_about_a_complaint_about_staff_is_shown_to_its_officers_alone(box: Gateway) -> None:
    case = make_complaint(is_private=True, is_integrity=True, contact={"email": REPORTER})
    number = case.reference

    first = take(written("I forgot to say who.", From="a@x.org", Subject=f"About {number}"))
    listed = take(
        written("He asked for money.", Subject=f"Re {number}", Message_ID="<2@x.org>", List_Id="<l.x.org>")
    )

    assert (first, listed) == ("joined", "joined")
    said = notes(case.id)
    assert any("I forgot to say who." in note for note in said)
    assert any("He asked for money." in note for note in said)


@pytest.mark.parametrize("name", ["<a\0b@x.org>", "=?utf-7?q?<ab+2AA-@x.org>?="])
def test_a_mail_whose_number_holds_signs_that_are_none_is_taken(box: Gateway, name: str) -> None:
    mail = written()
    del mail["Message-ID"]

    assert take(f"Message-ID: {name}\n".encode() + mail.as_bytes()) == "landed"


def test_of_pictures_that_are_none_only_some_are_looked_at(box: Gateway) -> None:
    mail = written()
    for number in range(14):
        mail.add_attachment(b"none %d" % number, maintype="image", subtype="png", filename=f"n{number}.png")
    mail.add_attachment(photo(), maintype="image", subtype="jpeg", filename="late.jpg")

    take(mail)

    assert "late.jpg" in messages()[0].left_out


def test_a_reply_of_an_attachment_alone_is_kept_in_its_case(box: Gateway) -> None:
    case = make_case()
    mail = written("", References=links.thread_of(case.id, "localhost"), Subject="Re: your question")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")

    assert take(mail) == "joined"
    assert any("plan.pdf" in note for note in notes(case.id))
