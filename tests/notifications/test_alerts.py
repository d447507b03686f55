"""Who is told by alerts: once, in time, and only of what everybody may see."""

from datetime import timedelta
from typing import Any

import pytest

from cps.accounts.models import Account
from cps.alerts.models import Alert, AlertNews
from cps.alerts.rules import Rhythm, Wish, rounded
from cps.alerts.services import pause
from cps.cases.models import Case
from cps.cases.rules import CaseKind, EventKind, Outcome, Status
from cps.cases.services.forgetting import anonymise_reporters
from cps.cases.services.steps import go
from cps.core import clock as clocks
from cps.core import outbox
from cps.core.db import db, transaction
from cps.core.leases import Turn
from cps.core.outbox import Fact
from cps.moderation.rules import Thing
from cps.notices.models import Notice
from cps.notifications import delivery
from cps.notifications.alerts import services as letters_of_alerts
from cps.notifications.models import Message
from tests.moderation.making import redacted
from tests.support import factories as make
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")


def work() -> None:
    """Do what the worker does with facts and jobs until nothing is left."""
    for _round in range(8):
        outbox.run_due(Turn("test"))


def file(case: Case) -> Case:
    """State that a case was filed, as filing does."""
    with transaction():
        outbox.state(Fact.CASE_FILED, case.id, at=clocks.now())
    return case


def answer(case: Case, outcome: Outcome = Outcome.FIXED, *, by: int | None = None) -> None:
    with transaction():
        case = db.session.merge(case)
        go(case, Status.CLOSED, EventKind.MOVED, by=by, at=clocks.now(), message="Done.", outcome=outcome)


def told(account: Account) -> list[Message]:
    db.session.rollback()
    to = db.select(Message).where(Message.address == account.email, Message.dedupe_key.like("alert:%"))
    return list(db.session.scalars(to.order_by(Message.id)))


def subjects(account: Account) -> list[str]:
    return [message.subject for message in told(account)]


def at_once(**wish: Any) -> Wish:
    return Wish(rhythm=Rhythm.AT_ONCE, **wish)


def test_a_new_case_is_told_to_whom_it_lies_near() -> None:
    ward, lamp = make.make_ward(), make.make_category("Lamp")
    near, far, other_kind = (make.make_resident() for _ in range(3))
    lat, lon = make.middle(ward)
    make.make_alert(near, at_once(circle=rounded(lat, lon, 500)))
    make.make_alert(far, at_once(circle=rounded(lat + 0.006, lon, 500)))
    make.make_alert(other_kind, at_once(circle=rounded(lat, lon, 500), category_id=make.make_category().id))

    file(make.make_complaint(title="Dark corner", category=lamp, lat=lat, lon=lon, ward=ward))
    work()

    assert subjects(near) == ["Newly reported: Dark corner"]
    assert subjects(far) == []
    assert subjects(other_kind) == []


def test_alerts_of_a_ward_of_a_category_and_of_both_hear_of_what_is_theirs() -> None:
    ward, elsewhere = make.make_ward(), make.make_ward()
    lamp, waste = make.make_category("Lamp"), make.make_category("Waste")
    people = {name: make.make_resident() for name in ("ward", "lamp", "both", "not ward", "not both")}
    make.make_alert(people["ward"], at_once(ward_id=ward.id))
    make.make_alert(people["lamp"], at_once(category_id=lamp.id))
    make.make_alert(people["both"], at_once(ward_id=ward.id, category_id=lamp.id))
    make.make_alert(people["not ward"], at_once(ward_id=elsewhere.id))
    make.make_alert(people["not both"], at_once(ward_id=ward.id, category_id=waste.id))

    file(make.make_complaint(ward=ward, category=lamp))
    work()

    assert {name for name, person in people.items() if told(person)} == {"ward", "lamp", "both"}


def test_a_proposal_is_told_to_who_wants_proposals() -> None:
    ward, wants, wants_not = make.make_ward(), make.make_resident(), make.make_resident()
    make.make_alert(wants, at_once(ward_id=ward.id, problems=False, proposals=True))
    make.make_alert(wants_not, at_once(ward_id=ward.id))
    proposal = make.make_complaint(title="Trees along the quay", ward=ward)
    with transaction():
        row = db.session.merge(proposal)
        row.kind, row.status = CaseKind.PROPOSAL, Status.GATHERING

    file(proposal)
    work()

    assert subjects(wants) == ["New proposal: Trees along the quay"]
    assert "/proposals/" in told(wants)[0].body_text
    assert told(wants_not) == []


def test_one_case_is_one_letter_however_many_alerts_hear_of_it() -> None:
    ward, lamp, person = make.make_ward(), make.make_category("Lamp"), make.make_resident()
    make.make_alert(person, at_once(ward_id=ward.id))
    make.make_alert(person, at_once(category_id=lamp.id))
    make.make_alert(person, Wish(ward_id=ward.id, category_id=lamp.id, rhythm=Rhythm.DAILY))

    file(make.make_complaint(ward=ward, category=lamp))
    work()

    assert len(told(person)) == 1
    assert told(person)[0].body_text.count("/complaints/") == 1


def test_what_was_told_at_once_is_not_in_the_digest(clock: Clock) -> None:
    ward, lamp, person = make.make_ward(), make.make_category("Lamp"), make.make_resident()
    make.make_alert(person, at_once(ward_id=ward.id))
    make.make_alert(person, Wish(category_id=lamp.id))
    file(make.make_complaint(title="Told", ward=ward, category=lamp))
    file(make.make_complaint(title="Elsewhere", category=lamp))
    work()

    clock.move(days=1)
    work()

    assert subjects(person) == ["Newly reported: Told", "Newly reported: Elsewhere"]


def test_a_digest_leaves_in_the_morning_with_everything_in_one_letter(clock: Clock) -> None:
    ward, person, weekly = make.make_ward(), make.make_resident(), make.make_resident()
    make.make_alert(person, Wish(ward_id=ward.id))
    make.make_alert(weekly, Wish(ward_id=ward.id, rhythm=Rhythm.WEEKLY))
    for title in ("One", "Two", "Three"):
        file(make.make_complaint(title=title, ward=ward))
    work()
    assert told(person) == []

    clock.move(days=1)
    work()
    assert subjects(person) == ["3 new things in your alerts"]
    assert all(title in told(person)[0].body_text for title in ("One", "Two", "Three"))
    assert told(weekly) == []

    clock.move(days=5)
    work()
    assert len(told(weekly)) == 1
    assert len(told(person)) == 1


def test_nobody_is_told_of_their_own_case() -> None:
    ward, reporter, by_mail, agent = (
        make.make_ward(),
        make.make_resident(),
        make.make_resident(),
        make.make_agent(),
    )
    for person in (reporter, by_mail, agent):
        make.make_alert(person, at_once(ward_id=ward.id))

    file(make.make_complaint(ward=ward, reporter=reporter, filed_by_id=agent.id))
    file(make.make_complaint(ward=ward, contact={"email": by_mail.email.upper()}))
    work()

    assert [len(told(person)) for person in (reporter, by_mail, agent)] == [1, 1, 1]


@pytest.mark.parametrize(
    "columns",
    [{"is_private": True}, {"is_hidden": True}, {"is_private": True, "is_integrity": True}],
)
def test_what_is_not_for_everybody_is_told_to_nobody(columns: dict[str, bool]) -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, at_once(ward_id=ward.id))

    file(make.make_complaint(ward=ward, **columns))
    work()

    assert told(person) == []


def test_a_case_that_is_hidden_before_the_digest_is_not_in_it(clock: Clock) -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, Wish(ward_id=ward.id))
    hidden = file(make.make_complaint(title="Hidden", ward=ward))
    file(make.make_complaint(title="Seen", ward=ward))
    work()
    hide(hidden)

    clock.move(days=1)
    work()

    assert subjects(person) == ["Newly reported: Seen"]


def test_a_letter_that_waits_is_taken_back_when_a_case_in_it_is_hidden(clock: Clock) -> None:
    ward, person, other = make.make_ward(), make.make_resident(), make.make_resident()
    make.make_alert(person, Wish(ward_id=ward.id))
    make.make_alert(other, Wish(category_id=make.make_category("Other").id))
    hidden = file(make.make_complaint(title="Hidden", ward=ward))
    file(make.make_complaint(title="Seen", ward=ward))
    work()
    clock.move(days=1)
    work()
    waiting = [message.id for message in told(person)]
    hide(hidden)

    assert delivery._without_outdated(waiting) == []
    work()

    assert subjects(person) == ["Newly reported: Seen"]
    assert delivery._without_outdated([message.id for message in told(person)]) != []


def test_a_letter_that_waits_is_written_anew_when_words_of_a_title_in_it_are_blacked_out(
    clock: Clock,
) -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, Wish(ward_id=ward.id))
    case = file(make.make_complaint(title="Lamp of Kim", ward=ward))
    work()
    clock.move(days=1)
    work()
    waiting = [message.id for message in told(person)]
    clock.move(minutes=1)
    redacted(Thing.CASE, case.id, "of Kim")

    assert delivery._without_outdated(waiting) == []
    work()

    assert subjects(person) == ["Newly reported: Lamp [words hidden]"]
    assert delivery._without_outdated([message.id for message in told(person)]) != []


def test_a_letter_that_waits_is_written_anew_when_the_name_in_it_goes_with_its_reporter(clock: Clock) -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, at_once(ward_id=ward.id))
    case = file(make.make_complaint(title="Lamp of Zelmira", ward=ward, contact={"name": "Zelmira"}))
    file(make.make_complaint(title="Hole", ward=ward, contact={"name": "Zelmira"}))
    work()
    waiting = [message.id for message in told(person)]
    clock.move(minutes=1)
    with transaction():
        anonymise_reporters([case.id], at=clock.now)

    assert len(delivery._without_outdated(waiting)) == len(waiting) - 1
    work()

    assert len(told(person)) == len(waiting)
    assert not any("Zelmira" in f"{message.subject} {message.body_text}" for message in told(person))


def hide(case: Case) -> None:
    with transaction():
        db.session.merge(case).is_hidden = True


def test_an_answer_is_told_to_who_wants_answers_and_does_not_follow_the_case() -> None:
    ward, case = make.make_ward(), None
    wants, wants_not, follower, officer = (
        make.make_resident(),
        make.make_resident(),
        make.make_resident(),
        make.make_officer(),
    )
    for person in (wants, follower, officer):
        make.make_alert(person, at_once(ward_id=ward.id, problems=False, answers=True))
    make.make_alert(wants_not, at_once(ward_id=ward.id))
    case = make.make_complaint(title="Deep hole", ward=ward)
    make.make_follow(case, follower)

    answer(case, by=officer.id)
    work()

    assert subjects(wants) == ["Fixed: Deep hole"]
    assert [told(person) for person in (wants_not, follower, officer)] == [[], [], []]


def test_a_case_that_came_and_was_answered_since_the_last_digest_is_told_once(clock: Clock) -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, Wish(ward_id=ward.id, answers=True))
    case = file(make.make_complaint(title="Deep hole", ward=ward))
    answer(case)
    work()

    clock.move(days=1)
    work()

    assert subjects(person) == ["Fixed: Deep hole"]


def test_an_answer_is_not_told_once_the_case_was_taken_up_again(clock: Clock) -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, Wish(ward_id=ward.id, problems=False, answers=True))
    case = make.make_complaint(ward=ward)
    answer(case)
    work()
    with transaction():
        go(db.session.merge(case), Status.IN_PROGRESS, EventKind.MOVED, by=None, at=clocks.now())

    clock.move(days=1)
    work()

    assert told(person) == []


def made(notice: Notice) -> None:
    with transaction():
        outbox.state(Fact.NOTICE_MADE, notice.id, at=clocks.now())


def test_a_notice_is_told_where_it_touches() -> None:
    ward, other = make.make_ward(), make.make_ward()
    lat, lon = make.middle(ward)
    water = make.make_category("Water")
    people = {name: make.make_resident() for name in ("ward", "circle", "category", "far", "silent")}
    make.make_alert(people["ward"], at_once(ward_id=ward.id, notices=True))
    make.make_alert(people["circle"], at_once(circle=rounded(lat, lon, 200), ward_id=ward.id, notices=True))
    make.make_alert(people["category"], at_once(category_id=water.id, notices=True))
    make.make_alert(people["far"], at_once(ward_id=other.id, notices=True))
    make.make_alert(people["silent"], at_once(ward_id=ward.id))

    made(make.make_notice(ward_codes=[ward.code], category_id=water.id))
    work()

    assert {name for name, person in people.items() if told(person)} == {"ward", "circle", "category"}
    assert subjects(people["ward"]) == ["We know: No water"]


def test_a_notice_with_a_circle_is_told_to_wards_and_circles_that_it_touches() -> None:
    ward, far = make.make_ward(), make.make_ward()
    lat, lon = make.middle(ward)
    near, beside, elsewhere = make.make_resident(), make.make_resident(), make.make_resident()
    make.make_alert(near, at_once(ward_id=ward.id, notices=True))
    make.make_alert(beside, at_once(circle=rounded(lat + 0.006, lon, 500), notices=True))
    make.make_alert(elsewhere, at_once(ward_id=far.id, notices=True))

    made(make.make_notice(lat=lat, lon=lon, radius_m=300))
    work()

    assert [len(told(person)) for person in (near, beside, elsewhere)] == [1, 1, 0]


def test_a_notice_that_is_over_is_not_told(clock: Clock) -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, Wish(ward_id=ward.id, notices=True))
    made(make.make_notice(hours=2))
    work()

    clock.move(days=1)
    work()

    assert told(person) == []


def test_a_paused_alert_tells_nothing_also_not_what_was_about_to_be_told(clock: Clock) -> None:
    ward, person = make.make_ward(), make.make_resident()
    alert = make.make_alert(person, Wish(ward_id=ward.id))
    file(make.make_complaint(ward=ward))
    work()
    with transaction():
        pause(db.session.get_one(Alert, alert.id), at=clocks.now())
    file(make.make_complaint(ward=ward))
    work()

    clock.move(days=1)
    work()

    assert told(person) == []


def test_a_letter_speaks_the_language_of_the_person_and_says_how_to_stop_it() -> None:
    ward, person = make.make_ward(), make.make_resident(language="ko")
    alert = make.make_alert(person, at_once(ward_id=ward.id))

    file(make.make_complaint(title="Call 010-1234-5678", ward=ward))
    work()

    message = told(person)[0]
    assert message.language == "ko"
    assert f"/alerts/stop/{person.id:x}-{alert.id:x}-" in message.unsubscribe_url
    assert message.unsubscribe_url in message.body_text
    assert message.unsubscribe_url in message.body_html


def test_a_letter_of_two_alerts_offers_to_stop_all() -> None:
    ward, lamp, person = make.make_ward(), make.make_category("Lamp"), make.make_resident()
    make.make_alert(person, at_once(ward_id=ward.id))
    make.make_alert(person, at_once(category_id=lamp.id))

    file(make.make_complaint(ward=ward, category=lamp))
    work()

    assert f"/alerts/stop/{person.id:x}-0-" in told(person)[0].unsubscribe_url


def test_a_long_digest_names_some_and_counts_the_rest(clock: Clock) -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, Wish(ward_id=ward.id))
    category = make.make_category()
    for _case in range(33):
        file(make.make_complaint(ward=ward, category=category))
    work()
    clock.move(days=1)
    work()

    body = told(person)[0].body_text
    assert body.count("/complaints/") == 30
    assert "And 3 more." in body


def test_everybody_is_told_when_they_do_not_fit_into_one_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cps.alerts.services.matching.AT_ONCE", 2)
    monkeypatch.setattr(letters_of_alerts, "PEOPLE_AT_ONCE", 2)
    ward = make.make_ward()
    people = [make.make_resident() for _ in range(5)]
    for person in people:
        make.make_alert(person, at_once(ward_id=ward.id))

    file(make.make_complaint(ward=ward))
    work()

    assert [len(told(person)) for person in people] == [1] * 5


def test_letters_written_twice_are_sent_once() -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, at_once(ward_id=ward.id))
    file(make.make_complaint(ward=ward))
    work()

    for _again in range(2):
        with transaction():
            letters_of_alerts.write_letters(0, at=clocks.now())

    assert len(told(person)) == 1


def test_an_account_whose_address_is_not_proven_any_more_is_not_written_to() -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, at_once(ward_id=ward.id))
    with transaction():
        db.session.get_one(Account, person.id).email_verified_at = None

    file(make.make_complaint(ward=ward))
    work()

    assert told(person) == []
    assert db.session.scalars(db.select(AlertNews).where(AlertNews.told_at.is_(None))).all() == []


def test_codes_leave_before_letters_of_alerts() -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, at_once(ward_id=ward.id))
    file(make.make_complaint(ward=ward))
    work()
    at = clocks.now()
    code = {"channel": "mail", "address": "a@b.test", "language": "en", "subject": "Code", "body_text": "1"}
    make.save(Message(dedupe_key="code:1", created_at=at, run_at=at + timedelta(0), **code))

    claimed = delivery._claim("test")

    assert db.session.get_one(Message, claimed[0]).dedupe_key == "code:1"
