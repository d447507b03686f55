"""What staff are told when the time of a case runs out: each step once, to whom it concerns."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.cases import queries, services
from cps.cases.models import Case
from cps.cases.rules import Outcome, Status
from cps.cases.services import Ending, MoreTime, NewCase
from cps.core import outbox, worker
from cps.core.db import db, transaction
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.departments.models import Category, Department
from cps.notifications.models import Message
from tests.support import factories
from tests.support.factories import ZONE, make_category, make_complaint, make_department
from tests.support.fixtures import Clock

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
THURSDAY_EVENING = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def roads(clock: Clock) -> Department:
    clock.set_to(MONDAY)
    return make_department("Roads", email="roads@testford.test")


@pytest.fixture
def officer(roads: Department) -> Account:
    return factories.make_officer(roads)


@pytest.fixture
def chief(roads: Department) -> Account:
    factories.make_supervisor()  # of another department
    return factories.make_supervisor(roads)


@pytest.fixture
def category(roads: Department) -> Category:
    return make_category(department=roads)


def filed(category: Category, **more: object) -> Case:
    with transaction():
        new = NewCase(body="The lamp is dark.", language="en", category=category, **more)  # type: ignore[arg-type]
        return services.file_case(new, zone=ZONE, at=MONDAY).case


def told() -> list[tuple[str, str]]:
    """Work until nothing is due; return to whom what was written, in order."""
    worker.run_until_idle()
    db.session.rollback()
    assert db.session.scalars(db.select(OutboxFact.last_error).where(OutboxFact.last_error != "")).all() == []
    rows: Sequence[Message] = db.session.scalars(db.select(Message).order_by(Message.id)).all()
    return [(row.address, row.subject.split(" – ")[0].split(" (")[0]) for row in rows]


def test_each_step_comes_by_itself_and_once(
    category: Category, officer: Account, chief: Account, clock: Clock
) -> None:
    make_complaint()
    filed(category)
    assert told() == []

    clock.set_to(MONDAY + timedelta(hours=8, minutes=1))
    unseen = [(chief.email, "Nobody has looked at it in time")]
    assert told() == unseen

    clock.set_to(THURSDAY_EVENING - timedelta(hours=33))  # Wednesday at nine
    reminder = [("roads@testford.test", "Soon due")]
    assert told() == unseen + reminder

    clock.set_to(THURSDAY_EVENING)
    assert told() == unseen + reminder

    clock.move(seconds=1)
    late = [(chief.email, "Late")]
    assert told() == unseen + reminder + late

    clock.move(days=1)
    public = [(chief.email, "Late, and on the public list")]
    assert told() == unseen + reminder + late + public

    clock.move(days=30)
    assert told() == unseen + reminder + late + public


def test_the_reminder_goes_to_whoever_has_it(category: Category, officer: Account, clock: Clock) -> None:
    case = filed(category)
    with transaction():
        services.take(queries.lock_case(case.reference), by=officer, at=MONDAY)

    clock.set_to(THURSDAY_EVENING - timedelta(hours=33))

    assert told() == [(officer.email, "Soon due")]


def test_a_department_without_an_address_is_reached_through_its_officers(clock: Clock) -> None:
    clock.set_to(MONDAY)
    waste = make_department("Waste")
    officers = [factories.make_officer(waste) for _number in range(2)]
    factories.make_officer()
    filed(make_category(department=waste, acknowledge_hours=80))

    clock.set_to(THURSDAY_EVENING - timedelta(hours=33))

    assert told() == [(one.email, "Soon due") for one in officers]


def test_an_extension_begins_the_steps_anew_for_the_new_date(
    category: Category, officer: Account, chief: Account, clock: Clock
) -> None:
    case = filed(category)
    with transaction():
        services.take(queries.lock_case(case.reference), by=officer, at=MONDAY)
    clock.set_to(THURSDAY_EVENING - timedelta(hours=33))
    told()
    with transaction():
        more = MoreTime(5, "The part is late.", "We wait for it.", "en")
        services.extend(queries.lock_case(case.reference), more, by=officer, at=clock.now)

    clock.set_to(THURSDAY_EVENING + timedelta(hours=1))
    assert [what for _who, what in told()] == ["Soon due"]

    clock.set_to(THURSDAY_EVENING + timedelta(days=7, seconds=1))
    assert [what for _who, what in told()] == ["Soon due", "Late"]


@pytest.mark.parametrize("kind", ["closed", "paused"])
def test_what_is_closed_or_waits_for_its_resident_is_spared(
    category: Category, officer: Account, chief: Account, clock: Clock, kind: str
) -> None:
    case = filed(category)
    with transaction():
        if kind == "closed":
            services.move(queries.lock_case(case.reference), Status.CLOSED, by=officer, at=MONDAY,
                          message="Done.", outcome=Outcome.ANSWERED)  # fmt: skip
        if kind == "paused":
            services.move(queries.lock_case(case.reference), Status.WAITING_RESIDENT, by=officer, at=MONDAY,
                          message="Which one?")  # fmt: skip

    clock.set_to(THURSDAY_EVENING + timedelta(hours=1))

    assert told() == []


def test_a_case_about_staff_is_told_to_its_integrity_officers_alone(
    roads: Department, officer: Account, chief: Account, clock: Clock
) -> None:
    integrity = factories.make_integrity_officer()
    filed(make_category("Staff", department=roads, is_integrity=True))

    clock.set_to(THURSDAY_EVENING + timedelta(days=3))

    assert {who for who, _what in told()} == {integrity.email}
    message = db.session.scalars(db.select(Message)).first()
    assert message is not None
    assert "lamp" not in message.subject + message.body_text


def test_two_workers_write_each_letter_once(
    app: Flask, category: Category, officer: Account, chief: Account, clock: Clock
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for _number in range(5):
        filed(category)
    clock.set_to(THURSDAY_EVENING + timedelta(hours=1))

    def work(name: int) -> None:
        with app.app_context():
            for _time in range(3):
                worker.run_once(f"worker {name}")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))

    assert sorted(told()) == sorted(
        [(chief.email, "Nobody has looked at it in time"), (chief.email, "Late")] * 5
    )
    facts = db.select(db.func.count()).where(OutboxFact.fact == Fact.CASE_ESCALATED.value)
    assert db.session.scalar(facts) == 10


def test_a_fact_that_is_no_longer_true_writes_nothing(
    category: Category, chief: Account, clock: Clock
) -> None:
    case = filed(category)
    with transaction():
        outbox.state(Fact.CASE_ESCALATED, case.id, at=MONDAY, step="late",
                     due_at=(THURSDAY_EVENING - timedelta(days=1)).isoformat())  # fmt: skip

    assert told() == []


def test_supervisors_hear_that_more_time_is_asked_for(
    category: Category, officer: Account, chief: Account, clock: Clock
) -> None:
    case = filed(category)
    more = MoreTime(5, "The part is late.", "We wait for it.", "en")
    for _time in range(2):
        with transaction():
            services.extend(queries.lock_case(case.reference), more, by=officer, at=clock.now)

    assert (chief.email, "More time asked for") in told()


def test_supervisors_hear_that_a_second_pair_of_eyes_is_wanted(
    category: Category, officer: Account, chief: Account, clock: Clock
) -> None:
    with transaction():
        db.session.get_one(Category, category.id).needs = {"second": ["answered"]}
    case = filed(category)
    with transaction():
        services.end(queries.lock_case(case.reference), Ending(Outcome.ANSWERED, "Done.", "en"),
                     by=officer, at=clock.now)  # fmt: skip

    assert (chief.email, "Second pair of eyes wanted") in told()


def test_the_reporter_reads_reply_reason_and_both_dates_in_one_letter(
    category: Category, officer: Account, clock: Clock
) -> None:
    case = filed(category, contact=services.Contact(email="kim@example.test"))
    follower = factories.make_resident()
    factories.make_follow(case, follower)
    with transaction():
        more = MoreTime(5, "The part is late.", "We wait for it.", "en")
        services.extend(queries.lock_case(case.reference), more, by=officer, at=clock.now)

    told()

    letters = {m.address: m for m in db.session.scalars(db.select(Message).order_by(Message.id))}
    own, other = letters["kim@example.test"], letters[follower.email]
    for words in ("We wait for it.", "The part is late.", "Thursday 26 November", "Thursday 3 December"):
        assert words in own.body_text
    assert "The part is late." in other.body_text
    assert "We wait for it." not in other.body_text
