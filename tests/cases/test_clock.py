"""The clock on both databases: constraints, pauses, suspensions, reopening, races, what doctor recounts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError

from cps.accounts.models import Account
from cps.cases import queries, services
from cps.cases.clock_models import DueChange, ExtensionRequest
from cps.cases.models import Case
from cps.cases.rules import CaseKind, EventKind, Outcome, Status
from cps.cases.rules.clock import ClockSettings, ExtensionRefusal, ExtensionRefused
from cps.cases.services import MoreTime, NewCase
from cps.cases.services import clock as clocks
from cps.cases.services.clock_settings import set_clock_settings
from cps.cases.services.steps import go
from cps.core import doctor, worker
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.departments.models import Category
from cps.departments.rules import TimeUnit
from tests.support.factories import (
    ZONE,
    make_administrator,
    make_category,
    make_complaint,
    make_integrity_officer,
    make_officer,
    make_supervisor,
    make_suspension,
)
from tests.support.fixtures import Clock
from tests.support.site import Site

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # ten in the morning in Seoul
THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)  # the end of the third working day after it
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORE = MoreTime(2, "The part is late.", "We wait for it.", "en")
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def monday(clock: Clock) -> None:
    clock.set_to(MONDAY)


@pytest.fixture
def officer() -> Account:
    return make_officer()


def filed(category: Category | None = None, at: datetime = MONDAY, **more: object) -> Case:
    category = category or make_category()
    with transaction():
        new = NewCase(body="The lamp is dark.", language="en", category=category, **more)  # type: ignore[arg-type]
        return services.file_case(new, zone=ZONE, at=at).case


def done(case: Case, act: Callable[[Case], object]) -> Case:
    with transaction():
        act(queries.lock_case(case.reference))
    return queries.get_case(case.reference)


def moved(case: Case, to: Status, by: Account, at: datetime, **more: object) -> Case:
    return done(case, lambda c: services.move(c, to, by=by, at=at, message="Words.", **more))  # type: ignore[arg-type]


def asked(case: Case, by: Account, at: datetime = MONDAY) -> Case:
    return moved(case, Status.WAITING_RESIDENT, by, at)


def replied(case: Case, at: datetime) -> Case:
    return done(case, lambda c: services.answer_city(c, "Here.", by=None, at=at))


def fresh(case: Case) -> Case:
    db.session.rollback()
    return queries.get_case(case.reference)


def drift() -> dict[str, str]:
    names = {"due dates", "suspensions"}
    return {f.name: f.text for f in doctor.examine(at=MONDAY + 9 * DAY) if f.name in names and not f.is_well}


# How a case begins


def test_a_case_is_seen_within_the_hours_of_the_city() -> None:
    assert filed().acknowledge_by == MONDAY + 8 * HOUR
    assert filed(is_urgent=True).acknowledge_by == MONDAY + 4 * HOUR


def test_what_a_category_says_of_being_seen_wins_also_over_urgency() -> None:
    category = make_category(acknowledge_hours=2)

    assert filed(category).acknowledge_by == MONDAY + 2 * HOUR
    assert filed(category, is_urgent=True).acknowledge_by == MONDAY + 2 * HOUR


def test_settings_change_when_new_cases_are_seen_and_no_date() -> None:
    before = filed()
    with transaction():
        chosen = ClockSettings(acknowledge_hours=3, acknowledge_hours_urgent=1)
        set_clock_settings(chosen, by=1, at=MONDAY)

    assert filed().acknowledge_by == MONDAY + 3 * HOUR
    assert filed(is_urgent=True).acknowledge_by == MONDAY + HOUR
    assert fresh(before).due_at == THURSDAY


@pytest.mark.parametrize("wrong", [{"acknowledge_hours": 0}, {"extension_days": 61}, {"supervisor_from": 4}])
def test_settings_out_of_bounds_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(RuleViolation), transaction():
        set_clock_settings(ClockSettings(**wrong), by=1, at=MONDAY)


def test_the_clock_of_a_proposal_starts_at_its_threshold_and_only_once() -> None:
    case = make_complaint(clock_started_at=None, due_at=MONDAY + 60 * DAY)
    with transaction() as session:
        session.get_one(Case, case.id).kind = CaseKind.PROPOSAL

    started = done(case, lambda c: services.start_clock(c, 3, at=MONDAY))
    assert (started.clock_started_at, started.promised_at, started.due_at) == (MONDAY, THURSDAY, THURSDAY)

    again = done(case, lambda c: services.start_clock(c, 10, at=MONDAY + DAY))
    assert (again.clock_started_at, again.due_at) == (MONDAY, THURSDAY)


# Waiting for the resident


def test_waiting_pauses_once_and_moves_the_date_by_exactly_the_working_time(officer: Account) -> None:
    make_complaint()
    case = asked(filed(), officer)
    assert (case.paused_at, case.due_at) == (MONDAY, THURSDAY)

    case = replied(case, MONDAY + 12 * HOUR)  # ten in the evening: eight working hours passed
    assert (case.paused_at, case.due_at) == (None, THURSDAY + 24 * HOUR - HOUR)

    case = asked(case, officer, MONDAY + DAY)
    assert (case.status, case.paused_at) == (Status.WAITING_RESIDENT, None)
    case = replied(case, MONDAY + 3 * DAY)
    assert case.due_at == THURSDAY + 24 * HOUR - HOUR
    assert drift() == {}


def test_the_worker_ends_a_pause_when_the_time_to_reply_is_over(officer: Account, clock: Clock) -> None:
    case = asked(filed(), officer)
    fifth = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    assert case.pause_ends_at > fifth

    clock.set_to(fifth - HOUR)
    worker.run_until_idle()
    assert fresh(case).paused_at == MONDAY

    clock.set_to(fifth + 3 * DAY)
    worker.run_until_idle()
    case = fresh(case)
    assert (case.paused_at, case.status) == (None, Status.IN_PROGRESS)
    assert case.due_at == datetime(2026, 12, 4, 8, 0, tzinfo=UTC)  # five days and eight hours later
    assert drift() == {}


def test_what_is_late_already_is_not_paused(officer: Account) -> None:
    case = asked(filed(), officer, THURSDAY + HOUR)

    assert (case.status, case.paused_at, case.pause_used) == (Status.WAITING_RESIDENT, None, False)


def test_a_promise_in_plain_hours_waits_in_plain_hours(officer: Account) -> None:
    urgent = make_category(service_time=24, service_time_unit=TimeUnit.HOURS)

    case = replied(asked(filed(urgent), officer), MONDAY + 15 * HOUR)

    assert case.due_at == MONDAY + 39 * HOUR


# An end, and opening again


def test_a_reopened_case_keeps_its_date_and_is_late_at_once_if_it_was(officer: Account) -> None:
    case = moved(filed(), Status.CLOSED, officer, THURSDAY + DAY, outcome=Outcome.ANSWERED)
    assert (case.answered_at, case.closed_at, case.reopened) == (THURSDAY + DAY, THURSDAY + DAY, 0)

    case = done(case, lambda c: services.ask_reopen(c, "No.", by=None, at=THURSDAY + 2 * DAY))

    assert (case.due_at, case.reopened, case.answered_at) == (THURSDAY, 1, THURSDAY + DAY)
    assert case.is_late_at(THURSDAY + 2 * DAY)


def test_the_time_of_an_answer_stays_when_delivery_begins(officer: Account) -> None:
    case = make_complaint(Status.ANSWERED, outcome=Outcome.ACCEPTED, closed_at=MONDAY)
    with transaction() as session:
        session.get_one(Case, case.id).kind = CaseKind.PROPOSAL

    later = MONDAY + 30 * DAY
    case = done(case, lambda c: go(c, Status.IN_DELIVERY, EventKind.MOVED, by=officer.id, at=later))

    assert (case.closed_at, case.outcome) == (MONDAY, Outcome.ACCEPTED)


def test_closing_ends_a_request_for_more_time(officer: Account) -> None:
    case = filed()
    for _time in range(2):
        done(case, lambda c: services.extend(c, MORE, by=officer, at=MONDAY))
    assert queries.waiting_request(case.id) is not None

    moved(case, Status.CLOSED, officer, MONDAY, outcome=Outcome.ANSWERED)

    assert queries.waiting_request(case.id) is None


# Suspensions of work


def test_a_suspension_moves_every_open_date_that_it_touches_once(officer: Account, clock: Clock) -> None:
    touched, other = filed(), make_complaint(due_at=MONDAY + HOUR)
    over = moved(filed(), Status.CLOSED, officer, MONDAY, outcome=Outcome.ANSWERED)
    day_and_night = filed(make_category(service_time=72, service_time_unit=TimeUnit.HOURS))
    make_suspension(MONDAY + DAY, hours=4)

    for _time in range(2):
        worker.run_until_idle()

    assert fresh(touched).due_at == datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
    assert fresh(touched).promised_at == THURSDAY
    assert fresh(other).due_at == MONDAY + HOUR
    assert fresh(over).due_at == THURSDAY
    assert fresh(day_and_night).due_at == MONDAY + 72 * HOUR
    assert [one.key for one in queries.due_changes(touched.id)] == ["suspension:1"]
    assert drift() == {}


def test_what_is_filed_when_a_suspension_is_known_is_promised_right_and_not_moved(clock: Clock) -> None:
    make_suspension(MONDAY + DAY, hours=4)

    case = filed()
    worker.run_until_idle()

    assert case.promised_at == fresh(case).due_at == datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
    assert queries.due_changes(case.id) == []


def test_a_correction_gives_back_what_was_too_much_but_no_more_than_the_promise(clock: Clock) -> None:
    before = filed()
    wrong = make_suspension(MONDAY + DAY, hours=8)
    after = filed()
    worker.run_until_idle()
    assert fresh(before).due_at == fresh(after).due_at == datetime(2026, 11, 27, 8, 0, tzinfo=UTC)

    make_suspension(MONDAY + DAY, hours=0, corrects_id=wrong.id)
    worker.run_until_idle()

    assert fresh(before).due_at == THURSDAY
    assert fresh(after).due_at == fresh(after).promised_at
    assert drift() == {}


def test_many_open_cases_are_counted_in_pieces(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cps.cases.services.escalating.AT_ONCE", 3)
    category = make_category()
    cases = [filed(category) for _number in range(8)]
    make_suspension(MONDAY + DAY, hours=4)

    worker.run_until_idle()

    assert {fresh(case).due_at for case in cases} == {datetime(2026, 11, 27, 4, 0, tzinfo=UTC)}
    assert db.session.scalar(db.select(db.func.count(DueChange.id))) == 8


def test_an_act_on_a_case_counts_a_suspension_before_the_worker_does(officer: Account) -> None:
    case = filed()
    make_suspension(MONDAY + DAY, hours=4)

    case = asked(case, officer)
    case = replied(case, MONDAY + HOUR)
    worker.run_until_idle()

    assert fresh(case).due_at == datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
    assert [one.key for one in queries.due_changes(case.id)] == ["suspension:1", "pause"]


def test_a_suspension_within_a_pause_is_not_counted_twice(officer: Account) -> None:
    case = asked(filed(), officer)
    make_suspension(MONDAY + HOUR, hours=2)

    case = replied(case, MONDAY + 4 * HOUR)

    assert case.due_at == datetime(2026, 11, 27, 4, 0, tzinfo=UTC)  # four hours, not six


def test_a_suspension_entered_after_a_pause_that_held_it_moves_nothing(officer: Account) -> None:
    case = replied(asked(filed(), officer), MONDAY + 4 * HOUR)
    due = case.due_at
    make_suspension(MONDAY + HOUR, hours=2)

    worker.run_until_idle()

    assert fresh(case).due_at == due


def test_a_case_filed_while_a_suspension_is_entered_knows_it_in_the_end(app: Flask) -> None:
    category_id = make_category().id

    def file(_number: int) -> str:
        with app.app_context(), transaction():
            category = db.session.get_one(Category, category_id)
            new = NewCase(body="The lamp is dark.", language="en", category=category)
            return services.file_case(new, zone=ZONE, at=MONDAY).case.reference

    def suspend(_number: int) -> str:
        with app.app_context():
            make_suspension(MONDAY + DAY, hours=4)
            return ""

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(suspend if number == 5 else file, number) for number in range(12)]
        references = [job.result() for job in jobs if job.result()]
    db.session.rollback()  # this thread looked before the others wrote
    worker.run_until_idle()

    dates = {queries.get_case(reference).due_at for reference in references}
    assert dates == {datetime(2026, 11, 27, 4, 0, tzinfo=UTC)}


def test_two_workers_move_each_date_once(app: Flask) -> None:
    category = make_category()
    cases = [filed(category) for _number in range(6)]
    make_suspension(MONDAY + DAY, hours=4)

    def work(name: int) -> None:
        with app.app_context():
            worker.run_once(f"worker {name}")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    worker.run_until_idle()

    assert {fresh(case).due_at for case in cases} == {datetime(2026, 11, 27, 4, 0, tzinfo=UTC)}
    assert db.session.scalar(db.select(db.func.count(DueChange.id))) == 6


# Extensions


def test_an_extension_is_refused_for_its_reason() -> None:
    chief = make_supervisor()
    case = filed()

    def refused(more: MoreTime = MORE, at: datetime = MONDAY, by: Account = chief) -> ExtensionRefusal:
        with pytest.raises(ExtensionRefused) as caught:
            done(case, lambda c: services.extend(c, more, by=by, at=at))
        return caught.value.reason

    assert refused(MoreTime(0, "x", "y")) is ExtensionRefusal.TOO_LONG
    assert refused(MoreTime(11, "x", "y")) is ExtensionRefusal.TOO_LONG
    assert refused(MoreTime(2, " ", "y")) is ExtensionRefusal.REASON_MISSING
    assert refused(MoreTime(2, "x", " ")) is ExtensionRefusal.REPLY_MISSING
    assert refused(at=THURSDAY + HOUR) is ExtensionRefusal.TOO_LATE
    for _time in range(2):
        done(case, lambda c: services.extend(c, MORE, by=chief, at=MONDAY))
    assert refused() is ExtensionRefusal.USED_UP
    assert fresh(case).due_at == datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
    assert drift() == {}


def test_what_was_asked_for_in_time_may_be_granted_when_the_date_has_passed(officer: Account) -> None:
    case = filed()
    for _time in range(2):
        case = done(case, lambda c: services.extend(c, MORE, by=officer, at=MONDAY))
    due, chief = case.due_at, make_supervisor()

    case = done(case, lambda c: services.decide(c, is_granted=True, by=chief, at=due + HOUR))

    assert (case.extensions, case.due_at > due) == (2, True)


def test_an_integrity_officer_needs_nobody_for_a_case_that_nobody_else_sees() -> None:
    case = filed(make_category("Staff", is_integrity=True))
    integrity = make_integrity_officer()

    for _time in range(2):
        done(case, lambda c: services.extend(c, MORE, by=integrity, at=MONDAY))

    assert fresh(case).extensions == 2


def test_extensions_at_once_are_two_at_most(app: Flask) -> None:
    chief, case = make_supervisor(), filed()
    chief_id, reference = chief.id, case.reference

    def extend(_number: int) -> bool:
        with app.app_context():
            try:
                with transaction():
                    locked = queries.lock_case(reference)
                    by = db.session.get_one(Account, chief_id)
                    services.extend(locked, MORE, by=by, at=MONDAY)
            except ExtensionRefused:
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        granted = sum(pool.map(extend, range(6)))

    assert (granted, fresh(case).extensions) == (2, 2)


def test_requests_at_once_are_one(officer: Account) -> None:
    case = filed()
    row = {"case_id": case.id, "days": 1, "reason": "x", "reply": "y", "language": "en", "asked_at": MONDAY}
    with transaction() as session:
        session.add(ExtensionRequest(**row))

    with pytest.raises(DatabaseError), transaction() as session:
        session.add(ExtensionRequest(**row))


# What the database refuses by itself


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET due_at = promised_at, promised_at = '2026-01-01 00:00:00'",
        "UPDATE cases SET due_at = '2027-01-01 00:00:00'",
        "UPDATE cases SET due_at = '2026-01-01 00:00:00'",
        "UPDATE cases SET clock_started_at = '2026-11-24 00:00:00'",
        "UPDATE cases SET extensions = 3",
        "UPDATE cases SET extensions = -1",
        "UPDATE cases SET reopened = -1",
        "UPDATE cases SET paused_at = received_at, pause_used = true",
        "UPDATE cases SET paused_at = received_at, pause_ends_at = due_at",
        "UPDATE due_change SET days = 9",
    ],
)
def test_the_database_refuses_what_the_clock_does_not_allow(statement: str) -> None:
    case, chief = filed(), make_supervisor()
    done(case, lambda c: services.extend(c, MORE, by=chief, at=MONDAY))

    with pytest.raises(DatabaseError), transaction() as session:
        session.execute(db.text(statement))


@pytest.mark.parametrize("key", ["extension:1", "extension:3", "pause", "whim"])
def test_the_database_knows_every_move_of_a_date_once(key: str) -> None:
    case, chief = filed(), make_supervisor()
    done(case, lambda c: services.extend(c, MORE, by=chief, at=MONDAY))
    events = queries.due_changes(case.id)

    with pytest.raises(DatabaseError), transaction() as session:
        session.add(DueChange(case_id=case.id, key=key, before=MONDAY, after=THURSDAY, at=MONDAY,
                              days=1, event_id=events[0].event_id))  # fmt: skip


def test_doctor_tells_of_a_date_that_its_moves_do_not_explain() -> None:
    make_complaint(promised_at=MONDAY, due_at=THURSDAY)

    assert "1 cases are due at another time" in drift()["due dates"]


def test_doctor_tells_of_dates_that_do_not_know_a_suspension() -> None:
    filed()
    make_suspension(MONDAY + DAY, hours=4)

    assert "1 due dates do not know" in drift()["suspensions"]


# The settings page


def test_an_administrator_changes_the_numbers(site: Site) -> None:
    site.sign_in(make_administrator())

    page = site.submit("/admin/clock", acknowledge_hours="6", supervisor_from="1")

    assert page.status == 200
    db.session.rollback()
    assert (clocks.settings().acknowledge_hours, clocks.settings().supervisor_from) == (6, 1)
    assert clocks.settings().extension_days == 10


def test_a_number_out_of_bounds_is_refused_beside_its_field(site: Site) -> None:
    site.sign_in(make_administrator())

    page = site.submit("/admin/clock", acknowledge_hours="0")

    assert page.status == 422
    assert "Choose a number from 1 to 80." in page.text
