import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from cps.accounts import passwords
from cps.accounts import queries as accounts
from cps.accounts.models import Account, Identity
from cps.accounts.rules import IdentityKind, Role
from cps.cases import reference as references
from cps.cases.handoff_models import Transfer
from cps.cases.models import Case, CaseContact, CaseEvent, Follow, Support
from cps.cases.rules import COMPLAINT_MOVES, OUTCOMES, CaseKind, EventKind, Outcome, Priority, Status
from cps.cases.voice_models import VoiceNote
from cps.core import city, clock, doctor, search
from cps.core.db import db, transaction
from cps.core.models import AuditRow, City, OutboxFact
from cps.core.outbox import Fact
from cps.demo import bulk, course, filing, services, stories, variations, world
from cps.demo.bulk import MOST_OPEN, Maker
from cps.demo.content import load as load_content
from cps.demo.counter import NEIGHBOURS
from cps.demo.plan import PASSWORD, State, read_state, write_state
from cps.demo.shapes import StepKind
from cps.departments import queries as departments
from cps.departments.models import RoutingRule
from cps.departments.rules import TimeUnit
from cps.residents import queries as register
from cps.wards import services as wards
from cps.wards.geometry import PlaceKind
from tests.demo.conftest import PLAN, demo_database, load
from tests.support import databases
from tests.support.application import Application
from tests.support.fixtures import WEDNESDAY, Database

pytestmark = pytest.mark.usefixtures("app")

CONTENT = load_content()
WRITTEN = len(CONTENT.complaints)


@pytest.fixture
def database(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Iterator[Database]:
    """The demo city in place of the city of the other tests."""
    yield from demo_database(request.param, run_folder, tmp_path / "instance")


def cases(*conditions: object) -> list[Case]:
    complaints = select(Case).where(Case.kind == CaseKind.COMPLAINT, *conditions)  # type: ignore[arg-type]
    return list(db.session.scalars(complaints.order_by(Case.id)))


def events() -> Iterator[CaseEvent]:
    return iter(db.session.scalars(select(CaseEvent).order_by(CaseEvent.id)))


def rows() -> dict[str, int]:
    return {
        table.name: db.session.scalar(select(db.func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
    }


def test_the_city_has_as_many_cases_and_residents_as_asked_for() -> None:
    assert len(cases()) == PLAN.cases
    assert len(world.read(CONTENT, seed=1, now=WEDNESDAY).residents) == PLAN.residents


def test_every_status_and_every_outcome_of_a_complaint_is_there() -> None:
    found = cases()

    assert {case.status for case in found} == set(COMPLAINT_MOVES)
    assert {case.outcome for case in found if case.outcome} == OUTCOMES[CaseKind.COMPLAINT]


def test_there_are_texts_in_both_languages_private_urgent_late_and_long_ones() -> None:
    found = cases()

    assert {"en", "ko"} < {case.language for case in found}
    assert len({case.body for case in found}) >= 150
    assert any(case.is_private and not case.is_integrity for case in found)
    assert any(case.is_integrity for case in found)
    assert any(case.priority is Priority.URGENT for case in found)
    assert any(case.is_open and case.due_at < WEDNESDAY for case in found)
    assert any(case.is_open and case.due_at > WEDNESDAY for case in found)
    assert any(len(case.body) > 5_000 for case in found)


def test_who_answered_that_somebody_can_get_hurt_comes_first() -> None:
    told = [case for case in cases() if case.answers.get("danger") == ["yes"]]

    assert told
    assert {case.priority for case in told} == {Priority.URGENT}


def test_every_kind_of_event_that_complaints_have_is_told() -> None:
    told = {event.kind for event in events()}

    assert told >= {
        EventKind.FILED,
        EventKind.MOVED,
        EventKind.UPDATED,
        EventKind.ASSIGNED,
        EventKind.TRANSFERRED,
        EventKind.EXTENDED,
        EventKind.NOTED,
        EventKind.ASKED,
        EventKind.REPLIED,
        EventKind.CONFIRMED_FIXED,
        EventKind.REOPEN_ASKED,
        EventKind.JOINED,
    }


def test_the_demo_city_is_well() -> None:
    found = doctor.examine(at=clock.now())

    assert {f.name: f.text for f in found if not f.is_well and f.name != "database clock"} == {}


def test_nothing_lies_in_the_future_and_every_story_is_in_order() -> None:
    last: dict[int, CaseEvent] = {}
    for event in events():
        assert event.at <= WEDNESDAY
        assert event.case_id not in last or last[event.case_id].at <= event.at
        last[event.case_id] = event
    for case in cases():
        assert case.received_at <= case.entered_at <= WEDNESDAY
        assert case.closed_at is None or case.received_at < case.closed_at <= WEDNESDAY
        assert case.updated_at >= last[case.id].at


def test_staff_act_in_working_time_and_residents_by_day() -> None:
    calendar = departments.working_calendar(city.get().zone)
    by_staff = [
        event for event in events() if event.kind in {EventKind.MOVED, EventKind.ASKED, EventKind.NOTED}
    ]
    working = sum(
        calendar.is_working(e.at) or calendar.is_working(e.at - timedelta(seconds=1)) for e in by_staff
    )

    assert working / len(by_staff) > 0.95
    assert all(7 <= case.received_at.astimezone(calendar.zone).hour <= 22 for case in cases())


def test_every_case_with_a_position_stands_in_its_ward() -> None:
    placed = [case for case in cases() if case.lat is not None and case.lon is not None]

    assert len(placed) > WRITTEN
    for case in placed[:100]:
        assert case.lat is not None
        assert case.lon is not None
        place = wards.locate(case.lat, case.lon)
        assert place is not None
        assert place.kind is not PlaceKind.OUTSIDE
        assert case.ward_id in {place.ward.id, *(other.id for other in place.others)}


def test_references_are_valid_and_all_cases_can_be_found_by_theirs() -> None:
    for case in cases():
        assert references.parse(case.reference) == case.reference
        assert case.reference in case.search_text.split(" ")


def test_made_cases_are_searchable_like_filed_ones() -> None:
    for case in cases()[WRITTEN : WRITTEN + 20]:
        wanted = search.search_text(case.title, case.body, case.address, case.reference)

        assert set(case.search_text.split(" ")) == set(wanted.split(" "))


def test_who_backs_a_case_follows_it_and_nobody_backs_their_own() -> None:
    backed = set(db.session.execute(select(Support.case_id, Support.account_id)).all())
    followed = set(db.session.execute(select(Follow.case_id, Follow.account_id)).all())
    own = {(case.id, case.reporter_id) for case in cases()}

    assert backed
    assert backed <= followed
    assert not backed & own  # type: ignore[operator]


def test_a_second_load_changes_nothing(application: Application) -> None:
    before = rows()
    newest = db.session.scalar(select(db.func.max(Case.updated_at)))

    loaded = services.load(replace(PLAN, cases=9_000), storage_url="", at=WEDNESDAY + timedelta(days=1))

    assert not loaded
    assert rows() == before
    assert db.session.scalar(select(db.func.max(Case.updated_at))) == newest


def test_an_interrupted_load_goes_on_where_it_was() -> None:
    with transaction():
        write_state(State(replace(PLAN, cases=PLAN.cases + 100), WEDNESDAY, PLAN.cases - WRITTEN))

    loaded = services.load(PLAN, storage_url="", at=WEDNESDAY + timedelta(hours=1))

    assert loaded
    assert len(cases()) == PLAN.cases + 100
    assert len({case.reference for case in cases()}) == PLAN.cases + 100
    state = read_state()
    assert state is not None
    assert state.made == PLAN.cases + 100 - WRITTEN
    # the months of this city were published before the load was called interrupted; in a real one only after
    elsewhere = {"database clock", "promises"}
    assert [f.name for f in doctor.examine(at=clock.now()) if not f.is_well and f.name not in elsewhere] == []


def test_a_city_of_its_own_is_left_alone() -> None:
    with transaction() as session:
        session.get_one(City, 1).settings = {}
    before = rows()

    with pytest.raises(Exception, match="has a city of its own"):
        services.load(PLAN, storage_url="", at=WEDNESDAY)

    assert rows() == before


def test_fewer_residents_than_demo_accounts_are_refused() -> None:
    with pytest.raises(Exception, match="at least 50 residents"):
        services.load(replace(PLAN, residents=49), storage_url="", at=WEDNESDAY)


@pytest.mark.parametrize(
    ("address", "role", "department"),
    [
        ("resident@demo.test", Role.RESIDENT, None),
        ("resident50@demo.test", Role.RESIDENT, None),
        ("officer@demo.test", Role.OFFICER, "roads"),
        ("officer2@demo.test", Role.OFFICER, "waste"),
        ("supervisor@demo.test", Role.SUPERVISOR, "roads"),
        ("agent@demo.test", Role.AGENT, "citizen-office"),
        ("moderator@demo.test", Role.MODERATOR, None),
        ("integrity@demo.test", Role.INTEGRITY_OFFICER, None),
        ("integrity2@demo.test", Role.INTEGRITY_OFFICER, None),
        ("admin@demo.test", Role.ADMINISTRATOR, None),
    ],
)
def test_a_demo_account_has_its_role_department_and_the_password(
    address: str, role: Role, department: str | None
) -> None:
    account = accounts.account_by_email(address)

    assert account is not None
    assert account.roles == {Role.RESIDENT, role}
    assert passwords.is_password(PASSWORD, account.password_hash)
    ids = departments.department_ids_of(account.id)
    row = departments.department_by_code(department) if department else None
    assert ids == ({row.id} if row else set())


def test_all_demo_residents_but_two_have_shown_that_they_live_here() -> None:
    shown = set(db.session.scalars(select(Identity.account_id).where(Identity.kind == IdentityKind.REGISTER)))
    missing = [
        number
        for number, resident in enumerate(world.read(CONTENT, seed=1, now=WEDNESDAY).residents, 1)
        if resident.id not in shown
    ]

    assert missing == [49, 50]


def test_the_register_knows_every_demo_resident_with_their_ward_and_a_voting_age() -> None:
    residents = world.read(CONTENT, seed=1, now=WEDNESDAY).residents

    assert register.count_eligible() == len(residents) + len(NEIGHBOURS)
    for resident in residents[:48]:
        facts = register.facts_of(resident.id)
        assert facts is not None
        assert facts.ward_id == db.session.get_one(Account, resident.id).ward_id
        assert facts.born_on <= WEDNESDAY.date() - timedelta(days=18 * 365 + 5)


def test_the_first_resident_has_a_case_in_every_status() -> None:
    first = accounts.account_by_email("resident@demo.test")

    assert first is not None
    assert {case.status for case in cases(Case.reporter_id == first.id)} >= set(COMPLAINT_MOVES)


def test_one_case_of_the_first_resident_was_said_and_written_down() -> None:
    note, case = db.session.execute(select(VoiceNote, Case).join(Case, Case.id == VoiceNote.case_id)).one()
    first = accounts.account_by_email("resident@demo.test")

    assert first is not None
    assert (case.reporter_id, note.seconds) == (first.id, 4)
    assert case.body.startswith("one slab gone")
    assert not note.is_to_be_written_down


def test_residents_live_in_several_wards_and_every_department_has_an_officer() -> None:
    residents = [accounts.account_by_email(f"resident{n}@demo.test") for n in range(2, 20)]
    officers = world.read(CONTENT, seed=1, now=WEDNESDAY).staff.officers

    assert len({resident.ward_id for resident in residents if resident}) >= 6
    assert set(officers) == set(CONTENT.departments)


def test_only_news_of_the_last_days_waits_for_the_worker() -> None:
    facts = db.session.scalars(select(OutboxFact)).all()

    assert facts
    news = [fact for fact in facts if fact.fact != Fact.QUESTION_WAITS]  # one reminds in some days
    assert all(fact.stated_at >= WEDNESDAY - timedelta(days=3) for fact in news)
    assert all(fact.run_at == WEDNESDAY for fact in news)


def test_what_staff_did_to_written_complaints_left_a_trace() -> None:
    actions = Counter(db.session.scalars(select(AuditRow.action)))

    assert actions["move-case"] > 100
    written = sum(
        step.kind is StepKind.TRANSFER
        for complaint in CONTENT.complaints.values()
        for step in complaint.course
    )
    between_departments = db.session.scalar(select(func.count()).select_from(Transfer))
    assert actions["transfer-case"] == between_departments > written > 0
    assert actions["load-demo-city"] == 1


def test_joined_complaints_lead_to_the_one_that_was_there_before() -> None:
    joined = cases(Case.outcome == Outcome.JOINED)

    assert joined
    assert all(case.joined_to is not None and case.joined_to.joined_to_id is None for case in joined)


def test_a_large_city_keeps_about_four_thousand_open_cases() -> None:
    written = sum(complaint.status is not Status.CLOSED for complaint in CONTENT.complaints.values())
    place = world.read(CONTENT, seed=1, now=WEDNESDAY)

    for wanted in (20_000, 1_000_000):
        assert written + Maker(place, wanted).open_chance * wanted == pytest.approx(MOST_OPEN)


@pytest.mark.one_database("the services run on both elsewhere; here what they do is compared")
def test_the_quick_way_tells_the_same_stories_as_the_services() -> None:
    """Play every written complaint both ways; joining, which the quick way leaves out, is left out."""
    with transaction() as session:
        session.execute(delete(RoutingRule))  # made ones go where their categories say
        place = world.read(CONTENT, seed=1, now=WEDNESDAY)
        told = [
            filing.file(2_000_000 + n, dated, place.residents[5].id, place, {})
            for n, dated in enumerate(filing.dates(place))
            if not any(step.outcome is Outcome.JOINED for step in dated.complaint.course)
            and not CONTENT.categories[dated.complaint.category].integrity
        ]
        stories.play(told, place, {})
        hands = Maker(place, 1).hands
    assert len(told) > 150

    for one in told:
        case = db.session.get_one(Case, one.case.id)
        category = place.categories[one.complaint.category]
        quick = course.begin(
            case.id,
            department_id=category.department_id,
            reporter_id=case.reporter_id,
            language=case.language,
            received=case.received_at,
            due=place.days.due(category.service_time, category.service_time_unit, case.received_at),
            runs_all_hours=category.service_time_unit is TimeUnit.HOURS,
        )
        quick.columns["updated_at"] = case.entered_at
        steps = [variations.without_photo(step, case.language) for step in one.complaint.course]
        course.play(quick, steps, one.times, hands, place.days)

        assert {name: getattr(case, name) for name in quick.columns} == quick.columns, one.complaint.key
        story = db.session.scalars(
            select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
        ).all()
        assert [{name: getattr(event, name) for name in quick.events[0]} for event in story] == quick.events


FIELDS = (
    *(Case.reference, Case.title, Case.body, Case.status, Case.outcome, Case.lat, Case.address),
    *(Case.received_at, Case.due_at, Case.closed_at, Case.support_count, Case.reporter_id, Case.assignee_id),
    *(Case.search_text, CaseContact.pin_hash, CaseContact.secret_hash),
)


def everything() -> list[tuple[object, ...]]:
    joined = select(*FIELDS).join(CaseContact, CaseContact.case_id == Case.id).order_by(Case.id)
    return [tuple(row) for row in db.session.execute(joined)]


@pytest.mark.one_database("what is written is reckoned before any database sees it")
def test_the_same_seed_loaded_at_the_same_moment_gives_the_same_rows(
    application: Application, database: Database, run_folder: Path
) -> None:
    first = everything()
    server = databases.server(database.kind, run_folder)
    server.create("again", "bare")

    with application.point_at(server.url("again"), database.folder).app_context():
        load(run_folder / "attachments")
        again = everything()
    server.drop("again")

    assert again == first


def test_another_seed_makes_other_cases() -> None:
    def made(seed: int) -> list[tuple[object, ...]]:
        maker = Maker(world.read(CONTENT, seed=seed, now=WEDNESDAY), 40)
        rows = bulk.Rows([], [], [], [])
        for number in range(40):
            maker._add(rows, number, number, random.Random(f"{number} {seed}"))
        return [(row["reference"], row["body"], row["lat"], row["received_at"]) for row in rows.cases]

    assert made(1) == made(1)
    assert not set(made(1)) & set(made(2))
