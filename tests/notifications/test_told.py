"""The list of one's messages, the daily digest, choices, quiet hours, addresses that send back."""

from collections.abc import Sequence

from flask import Flask

from cps.accounts.models import Account
from cps.cases.models import Case, Follow
from cps.cases.rules import EventKind, Outcome, Status
from cps.cases.services.forgetting import anonymise_reporters
from cps.core import clock as real_clock
from cps.core import outbox
from cps.core.db import db, transaction
from cps.core.outbox import Fact
from cps.moderation.rules import Thing
from cps.notifications import retelling
from cps.notifications.models import BouncedAddress, Message, TextMessage
from cps.notifications.rules import Pace, Reader, Topic, topic_of
from cps.notifications.told import queries, services
from cps.notifications.told.stopping import stop_path
from tests.moderation.making import hidden, redacted
from tests.notifications.test_telling import tell, work
from tests.support import factories as make
from tests.support.fixtures import Clock
from tests.support.site import Site


def follow(*accounts: Account, case: Case | None = None) -> Case:
    """Let people follow a case who chose nothing."""
    case = case or make.make_complaint()
    make.make_follow(case, *accounts, pace=None)
    return case


def choose(account: Account, **paces: Pace) -> None:
    with transaction():
        services.choose(account.id, {Topic(name): pace for name, pace in paces.items()})


def subjects(account: Account) -> list[str]:
    return [entry.told.subject for entry in queries.newest(account.id).rows]


def texts() -> Sequence[TextMessage]:
    return db.session.scalars(db.select(TextMessage).order_by(TextMessage.id)).all()


def test_questions_and_what_asks_whether_it_is_fixed_are_told_from_other_news() -> None:
    complaint, proposal = make.CaseKind.COMPLAINT, make.CaseKind.PROPOSAL

    assert topic_of(Reader.REPORTER, EventKind.ASKED, None, complaint) is Topic.QUESTION
    assert topic_of(Reader.REPORTER, EventKind.MOVED, Status.CLOSED, complaint) is Topic.QUESTION
    assert topic_of(Reader.REPORTER, EventKind.MOVED, Status.PLANNED, complaint) is Topic.OWN
    assert topic_of(Reader.FOLLOWER, EventKind.MOVED, Status.CLOSED, complaint) is Topic.FOLLOWED
    assert topic_of(Reader.FOLLOWER, EventKind.MOVED, Status.ANSWERED, proposal) is Topic.DECISION
    assert topic_of(Reader.FOLLOWER, EventKind.UPDATED, None, proposal) is Topic.FOLLOWED


def test_news_of_what_is_followed_come_in_one_mail_a_day_each_case_once(app: Flask, clock: Clock) -> None:
    follower, other = make.make_resident(), make.make_resident()
    lamp, hole = follow(follower), follow(follower)
    follow(other)

    tell(make.make_event(lamp, message="Ordered."))
    tell(make.make_event(lamp, message="Here."))
    assert tell(make.make_event(hole, message="Seen.")) == []
    clock.move(days=1)
    (message,) = work()

    assert message.account_id == follower.id
    assert message.subject == "Your day: 2 pieces of news"
    assert message.body_text.count(lamp.title) == 1 + message.body_text.count(f"– {hole.title}") - 1
    assert "1 more step" in message.body_text
    assert message.unsubscribe_url.endswith(stop_path(follower.id))
    clock.move(days=1)
    assert len(work()) == 1, "nothing new, no digest"


def test_a_digest_leaves_out_what_was_read_hidden_or_unfollowed(app: Flask, clock: Clock) -> None:
    follower = make.make_resident()
    hidden, left, read = (follow(follower) for _ in range(3))
    tell(make.make_event(read))
    with transaction():
        services.mark_all_read(follower.id, until=real_clock.now(), at=real_clock.now())
    clock.move(minutes=1)
    tell(make.make_event(hidden))
    tell(make.make_event(left))

    with transaction() as session:
        session.get_one(Case, hidden.id).is_hidden = True
        session.delete(session.get_one(Follow, (left.id, follower.id)))
    clock.move(days=1)

    assert work() == []
    assert [entry.is_shown for entry in queries.newest(follower.id).rows].count(False) == 1


def test_choices_hold_at_once_daily_or_only_in_the_list(app: Flask, clock: Clock) -> None:
    soon, daily, never = (make.make_resident() for _ in range(3))
    case = follow(soon, daily, never)
    choose(soon, followed=Pace.AT_ONCE)
    choose(never, followed=Pace.NEVER)

    told = tell(make.make_event(case))
    assert [message.account_id for message in told] == [soon.id]
    clock.move(days=1)

    assert [message.account_id for message in work()] == [soon.id, daily.id]
    assert all(len(subjects(one)) == 1 for one in (soon, daily, never))


def test_a_question_to_the_reporter_cannot_be_turned_off(app: Flask) -> None:
    reporter = make.make_resident()
    case = make.make_complaint(reporter=reporter)
    choose(reporter, question=Pace.NEVER, own=Pace.NEVER)

    assert tell(make.make_event(case, EventKind.UPDATED)) == []
    (message,) = tell(make.make_event(case, EventKind.ASKED, message="Which lamp?"))

    assert message.account_id == reporter.id


def test_news_at_night_leave_in_the_morning_and_codes_at_once(app: Flask, clock: Clock) -> None:
    case = make.make_complaint(contact={"email": "kim@example.test"})
    clock.move(hours=13)  # eleven in the evening
    with transaction():
        outbox.state(
            Fact.CODE_WANTED, 1, at=real_clock.now(), dedupe_key="a", code="123456", purpose="sign-in",
            address="kim@example.test", language="en",
        )  # fmt: skip

    news, code = sorted(tell(make.make_event(case)), key=lambda one: one.case_id is None)

    assert news.run_at.astimezone(make.ZONE).hour == 8
    assert code.run_at == real_clock.now()


def test_news_that_waited_for_the_morning_is_dropped_where_its_case_was_hidden(
    app: Flask, clock: Clock
) -> None:
    from tests.notifications.test_delivery import Mailbox, deliver, serving, use

    hidden, shown = make.make_complaint(), make.make_complaint()
    make.make_follow(hidden, make.make_resident())
    make.make_follow(shown, make.make_resident())
    clock.move(hours=13)
    tell(make.make_event(hidden))
    tell(make.make_event(shown))
    with transaction() as session:
        session.get_one(Case, hidden.id).is_hidden = True
    clock.move(hours=10)
    box = Mailbox()
    with serving(box) as server:
        use(app, smtp_url=server.url)
        deliver()

    assert len(box.subjects()) == 1
    assert shown.title in box.subjects()[0]


def test_who_has_only_a_number_gets_the_digest_there_and_is_not_told_to_look_at_mail(
    app: Flask, clock: Clock
) -> None:
    phone = make.make_resident(email="", phone="+821012345678", phone_verified_at=real_clock.now())
    case = follow(phone)
    tell(make.make_event(case))
    assert texts() == []

    clock.move(days=1)
    assert work() == []
    (text,) = texts()

    assert "1 piece of news for you" in text.text
    assert stop_path(phone.id) in text.text
    assert "mail" not in text.text.lower()


def test_two_workers_write_one_digest(app: Flask, clock: Clock) -> None:
    follower = make.make_resident()
    tell(make.make_event(follow(follower)))
    clock.move(days=1)

    with transaction():
        services.write_digests(0, at=real_clock.now())
    with transaction():
        services.write_digests(0, at=real_clock.now())

    assert len(db.session.scalars(db.select(Message)).all()) == 1


def test_the_list_shows_what_was_told_and_opens_the_case(app: Flask, site: Site) -> None:
    reporter = make.make_resident()
    case = make.make_complaint(Status.CLOSED, reporter=reporter, is_private=True)
    tell(make.make_event(case, EventKind.MOVED, status=Status.CLOSED, outcome=Outcome.FIXED))
    tell(make.make_event(make.make_complaint(reporter=make.make_resident())))

    page = site.sign_in(reporter).get("/accounts/me/messages")

    assert len(page.all(".case-row")) == 1
    assert case.title not in page.text, "a private case is named by its number"
    assert f"/complaints/{make_display(case)}" in page.links.values()
    assert site.get(f"/complaints/{make_display(case)}").status == 200


def make_display(case: Case) -> str:
    return f"{case.reference[:4]}-{case.reference[4:8]}-{case.reference[8:]}"


def test_marking_as_read_leaves_what_came_meanwhile(app: Flask, site: Site, clock: Clock) -> None:
    reporter = make.make_resident()
    case = make.make_complaint(reporter=reporter)
    tell(make.make_event(case))
    page = site.sign_in(reporter).get("/accounts/me/messages")
    clock.move(minutes=1)
    tell(make.make_event(case))

    site.submit(page, form="/accounts/me/messages/read")

    assert queries.count_unread(reporter.id) == 1


def test_choices_are_kept_and_shown(app: Flask, site: Site) -> None:
    resident = make.make_resident()
    path = "/accounts/me/messages/choices"

    site.sign_in(resident).submit(path, form=path, followed="never")

    assert queries.own_paces(resident.id)[Topic.FOLLOWED] is Pace.NEVER


def test_one_tap_stops_the_digest_without_signing_in_and_a_look_does_not(app: Flask, site: Site) -> None:
    follower, other = make.make_resident(), make.make_resident()
    path = stop_path(follower.id)

    site.get(path)
    assert services.gets_digest(follower.id)
    site.submit(path, form=path)

    assert not services.gets_digest(follower.id)
    assert services.gets_digest(other.id)
    assert site.get(f"{path[:-1]}{'0' if path[-1] != '0' else '1'}").status == 404


def bounce(account: Account) -> None:
    make.save(
        message := Message(
            dedupe_key="event:1:x", channel="mail", address=account.email, account_id=account.id,
            language="en", subject="News", body_text="News", created_at=real_clock.now(),
            run_at=real_clock.now(),
        )
    )  # fmt: skip
    from cps.notifications.services import note_bounce

    with transaction():
        note_bounce(message.id, at=real_clock.now())


def test_an_address_that_sends_back_is_asked_about_at_sign_in_and_written_nothing(
    app: Flask, site: Site
) -> None:
    resident, other = make.make_resident(password=make.PASSWORD), make.make_resident()
    bounce(resident)
    case = make.make_complaint(reporter=resident)
    before = len(db.session.scalars(db.select(Message)).all())

    assert len(tell(make.make_event(case))) == before
    assert len(subjects(resident)) == 1

    password = {"email": resident.email, "password": make.PASSWORD}
    page = site.submit("/accounts/sign-in", form="/accounts/sign-in", **password)
    assert page.path.startswith("/accounts/me/messages/address")
    site.submit(page, form="/accounts/me/messages/address")
    assert db.session.get(BouncedAddress, resident.id, populate_existing=True) is None
    assert len(tell(make.make_event(case))) == before + 1
    assert db.session.get(BouncedAddress, other.id) is None


def test_hours_are_set_by_administrators_and_a_digest_never_leaves_in_quiet_ones(
    app: Flask, site: Site
) -> None:
    path = "/admin/messages/hours"
    site.sign_in(make.make_administrator())

    quiet = site.submit(path, form=path, quiet_from="22", quiet_until="7", digest_at="6")
    assert quiet.status == 422
    assert "quiet" in quiet.text_of(".field-error, .error")
    page = site.submit(path, form=path, quiet_from="22", quiet_until="7", digest_at="7")

    assert page.path == "/admin/messages"


def test_news_of_an_entry_that_was_hidden_since_is_left_out_of_digest_and_list(
    app: Flask, site: Site, clock: Clock
) -> None:
    follower, other = make.make_resident(), make.make_resident()
    case = follow(follower, other)
    choose(other, followed=Pace.NEVER)
    insult = make.make_event(case, message="You fool.")
    tell(insult)
    clock.move(minutes=1)
    hidden(Thing.UPDATE, insult.id)

    clock.move(days=1)
    assert work() == []
    page = site.sign_in(follower).get("/accounts/me/messages")

    assert page.has("News that a moderator hid")
    assert case.title not in page.text_of("main")
    tell(make.make_event(case, message="Ordered."))
    assert case.title in site.get("/accounts/me/messages").text_of("main")


def test_a_title_that_was_blacked_out_in_part_is_so_in_the_lists_of_its_followers(app: Flask) -> None:
    follower = make.make_resident()
    case, noise = (follow(follower, case=make.make_complaint(title=f"Lamp of {name}")) for name in "AB")
    tell(make.make_event(case))
    tell(make.make_event(noise))

    redacted(Thing.CASE, case.id, "of A")
    work()

    told = sorted(subject.partition(" – ")[2] for subject in subjects(follower))
    assert told == ["Lamp [words hidden]", "Lamp of B"]


def test_a_name_that_goes_with_its_reporter_goes_from_the_lists_of_followers_and_from_news_that_waits(
    app: Flask, clock: Clock
) -> None:
    follower = make.make_resident()
    choose(follower, followed=Pace.AT_ONCE)
    titles = ("Lamp of Zelmira", "Hole of Zelmira")
    case, noise = (
        follow(follower, case=make.make_complaint(title=title, contact={"name": "Zelmira"}))
        for title in titles
    )
    for one in (case, noise):
        tell(make.make_event(one, message="Ordered."))
    waiting = db.session.scalars(db.select(Message.id).where(Message.account_id == follower.id)).all()
    clock.move(minutes=1)
    with transaction():
        anonymise_reporters([case.id], at=clock.now)

    assert sorted(subject.partition(" – ")[2] for subject in subjects(follower)) == [
        "Hole of Zelmira",
        "Lamp of [name hidden]",
    ]
    kept = retelling.take_back_outdated_news(Message, waiting, at=clock.now)
    assert len(kept) == len(waiting) - 1
    told = db.session.scalars(db.select(Message.body_text).where(Message.account_id == follower.id)).all()
    assert len(told) == len(waiting)
    assert sum("Zelmira" in body for body in told) == 1


def test_news_that_waited_leaves_without_words_that_were_hidden_meanwhile(app: Flask, clock: Clock) -> None:
    from tests.notifications.test_delivery import Mailbox, deliver, serving, use

    lamp, hole, road = (
        make.make_complaint(title=name, contact={"email": f"{name}@example.test"})
        for name in ("Lamp", "Hole", "Road")
    )
    clock.move(hours=13)  # eleven in the evening
    update = make.make_event(lamp, message="You fool.")
    answer = make.make_event(
        hole, EventKind.MOVED, status=Status.CLOSED, outcome=Outcome.ANSWERED, message="Go away."
    )
    for event in (update, answer, make.make_event(road, message="Ordered.")):
        tell(event)
    clock.move(minutes=1)
    for event in (update, answer):
        hidden(Thing.UPDATE, event.id)
    work()
    clock.move(hours=10)
    box = Mailbox()
    with serving(box) as server:
        use(app, smtp_url=server.url)
        deliver()
        deliver()

    sent = {str(mail["Subject"]): str(mail.get_body(["plain"]).get_content()) for mail in box.received}
    assert sorted(sent) == ["Answered – Hole", "News from the city – Road"]
    assert "Go away" not in sent["Answered – Hole"]
