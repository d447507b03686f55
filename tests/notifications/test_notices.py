"""Whom a notice is told: everybody concerned, each once."""

from datetime import timedelta
from typing import Any

import pytest

from cps.accounts.models import Account
from cps.cases import queries as cases
from cps.cases import services
from cps.cases.models import Case
from cps.cases.rules import Outcome, Status
from cps.cases.services import Closing
from cps.core import clock, outbox
from cps.core.db import db, transaction
from cps.core.leases import Turn
from cps.notices import queries as notices
from cps.notices import services as notice_services
from cps.notices.models import Notice, NoticeFollow
from cps.notifications.models import Message, TextMessage
from tests.support import factories as make
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")


def work() -> None:
    """Do what the worker does with facts and jobs until nothing is left."""
    for _round in range(6):
        outbox.run_due(Turn("test"))


def hang(notice: Notice, *given: Case, by: Account) -> None:
    with transaction():
        locked = [cases.lock_case(case.reference) for case in given]
        services.hang(locked, notices.lock(notice.id), by=by, at=clock.now())


def say(notice: Notice, text: str, *, by: Account, closing: Closing | None = None) -> None:
    with transaction():
        update = notice_services.add_update(notices.lock(notice.id), {"en": text}, by=by, at=clock.now())
        services.answer_all(update, by=by, at=clock.now(), closing=closing)


def letters() -> list[tuple[str, str]]:
    db.session.rollback()
    return [
        (one.address, one.subject) for one in db.session.scalars(db.select(Message).order_by(Message.address))
    ]


def letter_to(account: Account) -> Message:
    db.session.rollback()
    return db.session.scalars(
        db.select(Message).where(Message.address == account.email).order_by(Message.id.desc())
    ).first()  # type: ignore[return-value]


def follow(notice: Notice, *accounts: Account) -> None:
    make.save(*(NoticeFollow(notice_id=notice.id, account_id=a.id, at=clock.now()) for a in accounts))


def test_a_person_with_three_cases_gets_one_message_that_names_them_all() -> None:
    officer = make.make_officer(make.triage_department())
    reporter, other = make.make_resident(email="a@testford.test"), make.make_resident(email="b@testford.test")
    own = [make.make_complaint(reporter=reporter) for _ in range(3)]
    notice = make.make_notice()
    hang(notice, *own, make.make_complaint(reporter=other), by=officer)
    work()
    assert letters() == [(reporter.email, "We know: No water"), (other.email, "We know: No water")]

    say(notice, "Back at six.", by=officer)
    work()

    assert letters()[1] == (reporter.email, "News: No water")
    assert len(letters()) == 4
    body = letter_to(reporter).body_text
    assert "Back at six." in body
    assert all(case.title in body for case in own)
    assert body.count("/key/") == 3


def test_followers_of_cases_and_of_the_notice_and_reporters_of_joined_ones_are_told_once() -> None:
    officer = make.make_officer(make.triage_department())
    people = [make.make_resident(email=f"{name}@testford.test") for name in "abcde"]
    case_follower, notice_follower, both, joined, nobody = people
    case, notice = make.make_complaint(), make.make_notice()
    make.make_follow(case, case_follower, both)
    follow(notice, notice_follower, both)
    make.make_complaint(Status.CLOSED, outcome=Outcome.JOINED, reporter=joined, joined_to_id=case.id)
    make.make_follow(make.make_complaint(), nobody)
    hang(notice, case, by=officer)
    say(notice, "Back at six.", by=officer)
    work()

    told = [address for address, subject in letters() if subject.startswith("News")]

    assert told == [person.email for person in (case_follower, notice_follower, both, joined)]
    assert "/notices/" in letter_to(both).unsubscribe_url
    assert "/stop/" in letter_to(notice_follower).unsubscribe_url
    assert "/notifications/unsubscribe/" in letter_to(case_follower).unsubscribe_url
    assert letter_to(joined).unsubscribe_url != letter_to(case_follower).unsubscribe_url


def test_the_officer_who_says_it_is_not_told() -> None:
    officer = make.make_officer(make.triage_department())
    notice = make.make_notice()
    follow(notice, officer)

    say(notice, "Back at six.", by=officer)
    work()

    assert letters() == []


def test_nobody_hears_of_hidden_cases_and_only_reporters_of_private_ones() -> None:
    officer = make.make_officer(make.triage_department())
    reporter, follower = (
        make.make_resident(email="a@testford.test"),
        make.make_resident(email="b@testford.test"),
    )
    private = make.make_complaint(is_private=True, reporter=reporter, title="Steals water")
    later_hidden = make.make_complaint(reporter=follower)
    make.make_follow(private, follower)
    notice = make.make_notice()
    hang(notice, private, later_hidden, by=officer)
    with transaction():
        cases.lock_case(later_hidden.reference).is_hidden = True
    work()

    assert letters() == [(reporter.email, "We know: No water")]
    assert "Steals water" not in letter_to(reporter).body_text


def test_a_letter_about_a_closed_case_asks_its_reporter_whether_it_helps() -> None:
    officer = make.make_officer(make.triage_department())
    reporter, follower = make.make_resident(), make.make_resident()
    case, notice = make.make_complaint(reporter=reporter), make.make_notice()
    make.make_follow(case, follower)
    hang(notice, case, by=officer)

    say(notice, "It is back.", by=officer, closing=Closing(Outcome.FIXED))
    work()

    assert "Does this answer help you?" in letter_to(reporter).body_text
    assert "(Fixed)" in letter_to(reporter).body_text
    assert "Does this answer help you?" not in letter_to(follower).body_text


def test_who_asked_is_told_when_it_is_over_at_its_time_and_once(clock: Clock) -> None:
    officer, follower = make.make_officer(), make.make_resident()
    at = clock.now
    with transaction():
        from cps.notices.rules import NoticeSpec

        spec = NoticeSpec({"en": "No water"}, at, at + timedelta(hours=8), {}, {})
        key = notice_services.make(spec, by=officer, at=at).id
    follow(notices_row(key), follower)

    clock.move(hours=7)
    work()
    assert letters() == []
    clock.move(hours=2)
    work()
    work()

    assert letters() == [(follower.email, "It is over: No water")]


def notices_row(key: int) -> Notice:
    return db.session.get_one(Notice, key)


def test_an_update_that_ends_a_notice_is_one_letter_and_not_two() -> None:
    officer, follower = make.make_officer(), make.make_resident()
    notice = make.make_notice()
    follow(notice, follower)

    with transaction():
        row = notices.lock(notice.id)
        update = notice_services.add_update(row, {"en": "It is back."}, by=officer, at=clock.now())
        notice_services.end(row, by=officer, at=clock.now(), tells=False)
        services.answer_all(update, by=officer, at=clock.now())
    work()

    assert letters() == [(follower.email, "News: No water")]


def test_who_has_only_a_number_gets_one_text_message(clock: Clock) -> None:
    officer = make.make_officer(make.triage_department())
    follower = make.make_resident(email="", phone="+821047110815", phone_verified_at=clock.now)
    notice = make.make_notice()
    follow(notice, follower)

    say(notice, "Back at six.", by=officer)
    work()

    (text,) = db.session.scalars(db.select(TextMessage)).all()
    assert (text.phone, text.account_id) == ("+821047110815", follower.id)
    assert "Testford: No water\nBack at six." in text.text
    assert letters() == []


def test_doing_the_work_twice_writes_no_second_letter() -> None:
    officer, follower = make.make_officer(), make.make_resident()
    notice = make.make_notice()
    follow(notice, follower)
    say(notice, "Back at six.", by=officer)
    work()

    payload: dict[str, Any] = {
        "notice_id": notice.id,
        "update_id": db.session.scalar(db.select(db.func.max(notice_update_id()))),
        "people": [{"address": follower.email, "language": "en", "account_id": follower.id}],
    }
    from cps.notifications.notices import services as telling

    with transaction():
        telling.write(payload, at=clock.now())

    assert len(letters()) == 1


def notice_update_id() -> Any:
    from cps.notices.models import NoticeUpdate

    return NoticeUpdate.id
