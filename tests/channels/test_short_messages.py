"""Text messages as a gateway hands them over: cases, how they stand, replies; nothing lost, nothing twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from cps.cases.models import CaseContact
from cps.cases.reference import display
from cps.cases.rules import Channel, Status
from cps.channels import pieces
from cps.channels.models import BlockedSender, IncomingPart
from cps.channels.rules import WayKind
from cps.channels.services import switch
from cps.channels.tags import sender_tag
from cps.core import clock as real_clock
from cps.core import worker
from cps.core.db import db, transaction
from tests.channels.support import PHONE, Gateway, cases, gateway, messages, texts
from tests.support import factories
from tests.support.factories import PIN, make_category, make_complaint, make_event, triage_department
from tests.support.fixtures import Clock

OTHER = "+821098765432"


@pytest.fixture
def phone(app: Flask) -> Gateway:
    """The number of the city, with two categories."""
    make_category("Pothole")
    make_category("Something else", code="other")
    return gateway(app)


def test_a_report_is_a_private_case_to_be_sorted_and_its_number_goes_back(phone: Gateway) -> None:
    answer = phone.hand("REPORT the lamp at Mill Lane 5 is out")

    worker.run_until_idle()
    assert answer.json == {"state": "landed"}
    (case,) = cases()
    assert (case.body, case.channel, case.is_private) == ("the lamp at Mill Lane 5 is out", Channel.SMS, True)
    assert (case.category.code, case.department_id) == ("other", triage_department().id)
    assert db.session.get_one(CaseContact, case.id).phone == PHONE
    (text,) = texts()
    assert display(case.reference) in text


def test_a_message_that_a_gateway_hands_over_twice_at_once_is_one_case(app: Flask, phone: Gateway) -> None:
    both = Barrier(2)

    def hand(_number: int) -> str:
        both.wait()
        return str(phone.hand("REPORT a hole in the road", id="the same").status)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(hand, range(2))) == ["200 OK"] * 2

    assert phone.hand("REPORT a hole in the road", id="the same").json == {"state": "taken", "repeated": True}
    assert len(cases()) == len(messages()) == 1


def test_the_same_words_pressed_twice_are_one_case_and_later_another(phone: Gateway, clock: Clock) -> None:
    phone.hand("A hole in the road")
    phone.hand("A hole in the road")
    assert [row.state.value for row in messages()] == ["landed", "noted"]

    clock.move(minutes=11)
    phone.hand("A hole in the road")
    assert len(cases()) == 2


def test_how_a_public_case_stands_is_told_to_anybody(phone: Gateway) -> None:
    case = make_complaint(Status.IN_PROGRESS)
    make_complaint()
    make_event(case, message="We come on Monday.")

    phone.hand(f"STATUS {display(case.reference)}")

    (text,) = texts()
    assert "Being worked on" in text
    assert "We come on Monday." in text


def test_a_private_case_is_told_only_with_its_pin_or_to_its_own_number(phone: Gateway) -> None:
    case = make_complaint(Status.IN_PROGRESS, is_private=True, contact={"phone": PHONE})
    asked = f"STATUS {display(case.reference)}"

    for sender, words in (
        (OTHER, asked),
        (OTHER, f"{asked} 0000"),
        (OTHER, f"{asked} {PIN}"),
        (PHONE, asked),
    ):
        phone.hand(words, sender=sender)

    told = texts()
    assert ["Being worked on" in text for text in told] == [False, False, True, True]
    assert "PIN" in told[0]
    assert not any(PIN in row.text for row in messages())


def test_an_answer_lands_in_the_case_in_which_the_city_asked(phone: Gateway) -> None:
    case = make_complaint(Status.WAITING_RESIDENT, contact={"phone": PHONE})
    make_complaint(Status.WAITING_RESIDENT, contact={"phone": OTHER})
    make_complaint(Status.IN_PROGRESS, contact={"phone": PHONE})

    phone.hand("It is the second lamp from the gate")

    (row,) = messages()
    assert (row.state.value, row.case_id) == ("joined", case.id)
    assert db.session.get_one(type(case), case.id).has_unread_reply
    assert len(cases()) == 3


def test_whoever_is_asked_in_two_cases_is_asked_which_one_is_meant(phone: Gateway) -> None:
    one, two = (make_complaint(Status.WAITING_RESIDENT, contact={"phone": PHONE}) for _ in range(2))

    phone.hand("It is the second lamp")
    phone.hand(f"{display(one.reference)} It is the second lamp")

    assert all(display(case.reference) in texts()[0] for case in (one, two))
    assert [(row.state.value, row.case_id) for row in messages()] == [("answered", None), ("joined", one.id)]


def test_what_others_write_about_a_case_waits_for_a_person(phone: Gateway) -> None:
    case = make_complaint(contact={"phone": PHONE})

    phone.hand(f"{display(case.reference)} I saw it too", sender=OTHER)

    (row,) = messages()
    assert (row.state.value, row.reason, row.text) == ("quarantined", "not-reporter",
                                                       f"{display(case.reference)} I saw it too")  # fmt: skip


def test_pieces_are_put_together_in_any_order_and_each_counts_once(phone: Gateway) -> None:
    said = {1: "REPORT the lamp at ", 2: "Mill Lane 5 has been ", 3: "dark since Monday"}

    for number in (3, 1, 1, 2):
        phone.hand(said[number], id=f"piece {number}", part={"ref": 7, "number": number, "of": 3})
    phone.hand("dark since Monday", part={"ref": 7, "number": 3, "of": 3})

    (case,) = cases()
    assert case.body == "the lamp at Mill Lane 5 has been dark since Monday"


def test_pieces_whose_others_do_not_come_are_taken_as_they_are(phone: Gateway, clock: Clock) -> None:
    phone.hand("REPORT the lamp at ", part={"ref": 7, "number": 1, "of": 3})
    phone.hand("dark since Monday", part={"ref": 7, "number": 3, "of": 3})
    worker.run_until_idle()
    assert not cases()

    clock.set_to(clock.now + pieces.WAIT)
    clock.move(seconds=1)
    worker.run_until_idle()

    (case,) = cases()
    assert case.body == "the lamp at  […] dark since Monday"
    assert messages()[0].reason == "incomplete"
    assert not db.session.scalar(db.select(IncomingPart).where(IncomingPart.text != ""))


def test_a_number_that_is_used_again_begins_another_message(phone: Gateway) -> None:
    phone.hand("REPORT the first half", part={"ref": 7, "number": 1, "of": 2})
    phone.hand("REPORT another lamp ", part={"ref": 7, "number": 1, "of": 2})
    phone.hand("is out", part={"ref": 7, "number": 2, "of": 2})

    assert [case.body for case in cases()] == ["the first half […]", "another lamp is out"]


def test_nothing_comes_of_a_blocked_number_but_its_message_is_kept(phone: Gateway) -> None:
    factories.save(BlockedSender(sender_tag=sender_tag(PHONE), known_by="•••• 5678", reason="Insults.",
                                 blocked_at=real_clock.now()))  # fmt: skip

    phone.hand("REPORT something", sender="010-1234-5678")
    phone.hand("REPORT a lamp", sender=OTHER)

    assert [(row.state.value, row.text) for row in messages()] == [
        ("refused", "REPORT something"),
        ("landed", "a lamp"),
    ]
    assert not texts()


@pytest.mark.settings(rate_limits=True)
def test_a_flood_is_set_apart_and_not_answered(phone: Gateway) -> None:
    for number in range(22):
        phone.hand(f"HELP {'' if number else '!'}")

    assert [row.state.value for row in messages()] == ["answered"] * 20 + ["quarantined"] * 2
    assert len(texts()) == 20


def test_a_message_in_another_alphabet_keeps_its_language(phone: Gateway) -> None:
    phone.hand("신고 가로등이 꺼졌어요")

    (case,) = cases()
    assert (case.body, case.language) == ("가로등이 꺼졌어요", "ko")


@pytest.mark.parametrize("said", ["", "?", "12", "\u0000\ufffe"])
def test_what_says_nothing_is_answered_with_what_can_be_sent(phone: Gateway, said: str) -> None:
    phone.hand(said)

    assert not cases()
    assert "REPORT" in texts()[0]


def test_stop_ends_the_messages_of_own_cases_alone(phone: Gateway) -> None:
    own, other = (make_complaint(contact={"phone": number}) for number in (PHONE, OTHER))

    phone.hand("STOP")

    assert db.session.get_one(CaseContact, own.id).sms_stopped_at is not None
    assert db.session.get_one(CaseContact, other.id).sms_stopped_at is None


def test_only_who_knows_the_secret_now_hands_messages_over(phone: Gateway) -> None:
    body = json.dumps({"id": "1", "from": PHONE, "text": "REPORT a lamp"}).encode()
    now = int(real_clock.now().timestamp())

    assert phone.send(body, secret="another secret").status_code == 401
    assert phone.send(body, at=now - 301).status_code == 401
    assert phone.send(body, at=now + 301).status_code == 401
    assert phone.app.test_client().post("/channels/sms/city-number", data=body).status_code == 401
    assert not messages()
    assert phone.send(body).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b"\xff", b'{"id": 1, "from": "1", "text": "x"}', b'{"id": "1", "from": "1"}',
        b'{"id": "1", "from": "", "text": "x"}', b'{"id": "1", "from": "1", "text": "x", "sent_at": "now"}',
        b'{"id": "1", "from": "1", "text": "x", "part": {"ref": 1, "number": 3, "of": 2}}',
        b'{"id": "1", "from": "1", "text": "x", "part": {"ref": true, "number": 1, "of": 2}}',
    ],
)  # fmt: skip
@pytest.mark.one_database("what cannot be read never reaches it")
def test_what_cannot_be_read_is_refused_with_what_to_change(phone: Gateway, body: bytes) -> None:
    answer = phone.send(body)

    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]


def test_a_way_that_is_off_or_of_another_kind_is_not_there(app: Flask, phone: Gateway) -> None:
    assert Gateway(app, phone.name, WayKind.CHAT, phone.secret).hand("hello").status_code == 404
    with transaction():
        switch(phone.name, on=False, at=real_clock.now())
    assert phone.hand("hello").status_code == 404


def test_a_pin_that_comes_in_pieces_opens_nothing_for_the_tries_of_pieces_are_not_counted(
    phone: Gateway,
) -> None:
    case = make_complaint(is_private=True, contact={"phone": OTHER})
    said = f"STATUS {case.reference} {PIN}"

    phone.hand(said[:12], part={"ref": 1, "number": 1, "of": 2})
    phone.hand(said[12:], part={"ref": 1, "number": 2, "of": 2})

    assert "This case is private" in texts()[0] or "this case is private" in texts()[0]
    assert not any(PIN in row.text for row in messages())


@pytest.mark.settings(rate_limits=True)
def test_the_pin_of_a_message_that_is_set_apart_is_not_shown_to_staff(phone: Gateway) -> None:
    case = make_complaint(is_private=True)

    for typed in ("0000", "0001", "0002", "0003", "0004", PIN, "٤٧١١", "47-11"):
        phone.hand(f"STATUS {case.reference} {typed}")

    assert [row.state.value for row in messages()] == ["answered"] * 5 + ["quarantined"] * 3
    assert {row.text for row in messages()} == {f"STATUS {case.reference} ••••"}


def test_halves_of_signs_and_signs_that_are_none_lose_no_message(phone: Gateway) -> None:
    phone.hand("REPORT a lamp \ud83d", part={"ref": 1, "number": 1, "of": 2}, id="\ud83d")
    phone.hand("\ude00 is\x00 out", part={"ref": 1, "number": 2, "of": 2}, id="\x00")
    phone.hand("REPORT a hole \ud83d in the road", sender="\ud83d\x00")

    assert [case.body for case in cases()][1:] == ["a hole � in the road"]
    assert cases()[0].body.endswith("is out")


def test_only_text_messages_come_in_pieces_so_no_chat_speaks_for_a_number(app: Flask, phone: Gateway) -> None:
    case = make_complaint(Status.WAITING_RESIDENT, contact={"phone": PHONE})
    talk = gateway(app, WayKind.CHAT, "talk")

    for number in (1, 2):
        answer = talk.hand("It is fixed.", part={"ref": 1, "number": number, "of": 2})

    assert answer.status_code == 400
    assert not db.session.get_one(type(case), case.id).has_unread_reply
