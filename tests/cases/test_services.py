"""Filing and working a case, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.cases import queries, reference, services
from cps.cases.models import Case, CaseContact, CaseEvent, Follow, Support
from cps.cases.rules import (
    REOPEN_DAYS,
    Audience,
    EventKind,
    MoveRefused,
    Outcome,
    Priority,
    Refusal,
    Status,
)
from cps.cases.services import Contact, Filed, NewCase
from cps.core import outbox
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation, StaleVersion
from cps.core.models import AuditRow, OutboxFact
from cps.departments.models import Category
from tests.support.factories import (
    ZONE,
    make_category,
    make_complaint,
    make_department,
    make_officer,
    make_resident,
    make_support,
    save,
)

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # ten in the morning in Seoul
pytestmark = pytest.mark.usefixtures("app")


def filed(category: Category | None = None, **more: object) -> Filed:
    new = {"body": "The lamp is dark.", "language": "en", "category": category or make_category(), **more}
    with transaction():
        return services.file_case(NewCase(**new), zone=ZONE, at=MONDAY)  # type: ignore[arg-type]


def done(case: Case, act: Callable[[Case], object]) -> Case:
    with transaction():
        locked = queries.lock_case(case.reference)
        act(locked)
    return queries.get_case(case.reference)


def moved(case: Case, to: Status, by: Account, **more: object) -> Case:
    words = {"message": "Words.", "at": MONDAY, **more}
    return done(case, lambda locked: services.move(locked, to, by=by, **words))  # type: ignore[arg-type]


def kinds(case: Case) -> list[EventKind]:
    return [e.kind for e in queries.story(case.id, reader=Audience.STAFF, at=MONDAY + timedelta(days=900))]


def test_a_reference_that_another_case_has_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once in nine million; here twice in a row, which chance would hardly bring."""
    first = filed()
    drawn = iter([first.case.reference, first.case.reference])
    fresh = reference.new_reference
    monkeypatch.setattr(reference, "new_reference", lambda at, zone: next(drawn, None) or fresh(at, zone))

    second = filed()

    assert next(drawn, "") == ""
    assert second.case.reference != first.case.reference
    assert second.case.external_id == second.case.reference


def test_a_filed_case_has_a_reference_a_due_date_and_a_story() -> None:
    make_complaint()

    case = filed().case

    assert len(case.reference) == 12
    assert case.due_at == case.promised_at == datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    assert kinds(case) == [EventKind.FILED]
    assert case.title == "The lamp is dark."


def test_the_clock_runs_from_when_the_city_got_it_not_from_when_it_was_typed_in() -> None:
    case = filed(received_at=MONDAY - timedelta(days=3)).case

    assert case.received_at < case.entered_at
    assert case.due_at == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_contact_data_stands_apart_and_secrets_only_as_hashes() -> None:
    result = filed(contact=Contact(name="Mina", email="mina@testford.test"))

    contact = db.session.get(CaseContact, result.case.id)
    assert contact is not None
    assert (contact.name, contact.email) == ("Mina", "mina@testford.test")
    assert result.secret not in contact.secret_hash
    assert result.pin not in contact.pin_hash[:10] or len(contact.pin_hash) == 64
    assert not hasattr(result.case, "email")


def test_filing_states_the_fact_in_the_same_transaction() -> None:
    category = make_category()

    def file_then_fail() -> None:
        with transaction():
            services.file_case(NewCase(body="x", language="en", category=category), zone=ZONE, at=MONDAY)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        file_then_fail()
    assert db.session.scalars(db.select(OutboxFact)).all() == []

    case = filed(category).case
    facts = db.session.scalars(db.select(OutboxFact)).all()
    assert [(f.fact, f.about_id) for f in facts] == [(outbox.Fact.CASE_FILED.value, case.id)]


def test_a_complaint_about_staff_is_always_private() -> None:
    case = filed(make_category("Staff", is_integrity=True)).case

    assert case.is_private
    assert not case.is_listed


def test_every_move_leaves_an_event_an_audit_row_and_a_fact() -> None:
    other, case, officer = make_complaint(), make_complaint(), make_officer()

    after = moved(case, Status.PLANNED, officer)

    assert after.status is Status.PLANNED
    assert kinds(after)[-1] is EventKind.MOVED
    assert db.session.scalars(db.select(AuditRow.action)).all() == ["move-case"]
    assert db.session.scalars(db.select(OutboxFact.fact)).all() == [outbox.Fact.CASE_EVENT.value]
    assert queries.get_case(other.reference).status is Status.RECEIVED


def test_a_refused_move_changes_nothing() -> None:
    case, officer = make_complaint(), make_officer()

    with pytest.raises(MoveRefused) as caught:
        moved(case, Status.CLOSED, officer)

    assert caught.value.reason is Refusal.OUTCOME_MISSING
    after = queries.get_case(case.reference)
    assert (after.status, after.version) == (Status.RECEIVED, case.version)
    assert db.session.scalars(db.select(AuditRow)).all() == []


def test_a_closed_case_has_its_outcome_and_time_and_loses_them_when_it_is_open_again() -> None:
    case, officer = make_complaint(), make_officer()

    closed = moved(case, Status.CLOSED, officer, outcome=Outcome.ANSWERED)
    assert (closed.outcome, closed.closed_at) == (Outcome.ANSWERED, MONDAY)
    again = moved(case, Status.IN_PROGRESS, officer)
    assert (again.outcome, again.closed_at) == (None, None)


def test_fixing_a_repair_without_proof_is_refused() -> None:
    case, officer = make_complaint(category=make_category(is_repair=True)), make_officer()

    with pytest.raises(MoveRefused) as caught:
        moved(case, Status.CLOSED, officer, outcome=Outcome.FIXED)
    assert caught.value.reason is Refusal.PHOTO_MISSING

    closed = moved(case, Status.CLOSED, officer, outcome=Outcome.FIXED, why_no_photo="Under the ground.")
    assert closed.outcome is Outcome.FIXED


@pytest.mark.parametrize("act", ["transfer", "categorise", "prioritise", "assign", "planned", "others"])
def test_no_act_but_an_extension_moves_the_due_date(act: str) -> None:
    case, officer = make_complaint(), make_officer()
    acts: dict[str, Callable[[Case], object]] = {
        "transfer": lambda c: services.transfer(c, department, by=officer, at=MONDAY, reason="Theirs."),
        "categorise": lambda c: services.categorise(c, category, by=officer, at=MONDAY),
        "prioritise": lambda c: services.prioritise(c, Priority.URGENT, by=officer, at=MONDAY),
        "assign": lambda c: services.take(c, by=officer, at=MONDAY),
        "planned": lambda c: services.move(c, Status.PLANNED, by=officer, at=MONDAY, message="Soon."),
        "others": lambda c: services.move(c, Status.WAITING_OTHERS, by=officer, at=MONDAY, message="Power."),
    }
    department, category = make_department("Water"), make_category("Lamp", service_time=9)

    after = done(case, acts[act])

    assert (after.due_at, after.promised_at) == (case.due_at, case.promised_at)


def test_taking_a_case_puts_it_in_hand() -> None:
    case, officer = make_complaint(), make_officer()

    after = done(case, lambda c: services.take(c, by=officer, at=MONDAY))

    assert (after.assignee_id, after.status) == (officer.id, Status.IN_PROGRESS)
    assert after.acknowledged_at == MONDAY


def test_a_transfer_needs_a_reason_and_another_department() -> None:
    case, officer = make_complaint(), make_officer()

    with pytest.raises(MoveRefused):
        done(case, lambda c: services.transfer(c, c.department, by=officer, at=MONDAY, reason=" "))
    with pytest.raises(RuleViolation):
        done(case, lambda c: services.transfer(c, c.department, by=officer, at=MONDAY, reason="Theirs."))


def test_a_transferred_case_has_no_officer_and_waits_in_the_other_department() -> None:
    officer, water = make_officer(), make_department("Water")
    case = make_complaint(Status.IN_PROGRESS, assignee=officer)

    after = done(case, lambda c: services.transfer(c, water, by=officer, at=MONDAY, reason="A pipe."))

    assert (after.department_id, after.assignee_id, after.status) == (water.id, None, Status.TRIAGED)


def test_a_note_is_for_staff_only_and_tells_nobody() -> None:
    case, officer = make_complaint(), make_officer()

    done(case, lambda c: services.note(c, "Call the depot.", by=officer, at=MONDAY))

    assert EventKind.NOTED in kinds(case)
    public = queries.story(case.id, reader=Audience.REPORTER, at=MONDAY)
    assert EventKind.NOTED not in {e.kind for e in public}
    assert db.session.scalars(db.select(OutboxFact)).all() == []


def test_integrity_complaints_are_not_mixed_with_others() -> None:
    case, officer = make_complaint(), make_officer()
    staff = make_category("Staff", is_integrity=True)

    with pytest.raises(RuleViolation):
        done(case, lambda c: services.categorise(c, staff, by=officer, at=MONDAY))


def test_two_officers_who_saw_the_same_case_never_overwrite_each_other() -> None:
    case, first, second = make_complaint(), make_officer(), make_officer()
    seen = case.version
    moved(case, Status.PLANNED, first)

    def move_what_was_seen() -> None:
        with transaction():
            locked = queries.lock_case(case.reference, version=seen)
            services.move(locked, Status.IN_PROGRESS, by=second, at=MONDAY)

    with pytest.raises(StaleVersion):
        move_what_was_seen()
    assert queries.get_case(case.reference).status is Status.PLANNED


def test_the_reporters_reply_brings_a_waiting_case_back_to_the_officer() -> None:
    case = make_complaint(Status.WAITING_RESIDENT)

    after = done(case, lambda c: services.answer_city(c, "Number 14.", by=None, at=MONDAY))

    assert (after.status, after.has_unread_reply) == (Status.IN_PROGRESS, True)
    public = queries.story(case.id, reader=Audience.PUBLIC, at=MONDAY)
    assert "Number 14." not in {e.message for e in public}


def test_an_empty_reply_is_refused() -> None:
    with pytest.raises(MoveRefused):
        done(make_complaint(), lambda c: services.answer_city(c, " ", by=None, at=MONDAY))


def test_no_it_is_not_fixed_reopens_and_yes_is_counted_once() -> None:
    case = make_complaint(Status.CLOSED, at=MONDAY)

    done(case, lambda c: services.confirm_fixed(c, by=None, at=MONDAY))
    done(case, lambda c: services.confirm_fixed(c, by=None, at=MONDAY))
    after = done(case, lambda c: services.ask_reopen(c, "Dark again.", by=None, at=MONDAY))

    assert kinds(case).count(EventKind.CONFIRMED_FIXED) == 1
    assert after.status is Status.REOPEN_ASKED


def test_a_case_closed_long_ago_is_not_reopened() -> None:
    case = make_complaint(Status.CLOSED, at=MONDAY)
    late = MONDAY + timedelta(days=REOPEN_DAYS + 1)

    with pytest.raises(MoveRefused) as caught:
        done(case, lambda c: services.ask_reopen(c, "Dark again.", by=None, at=late))
    assert caught.value.reason is Refusal.TOO_LATE


def test_joining_closes_a_duplicate_and_brings_its_followers() -> None:
    case, into, officer = make_complaint(), make_complaint(), make_officer()
    both, only = make_resident(), make_resident()
    save(*(Follow(case_id=c, account_id=a, at=MONDAY) for c, a in
           [(case.id, both.id), (case.id, only.id), (into.id, both.id)]))  # fmt: skip

    after = done(
        case,
        lambda c: services.join(c, queries.get_case(into.reference), by=officer, at=MONDAY, message="Same."),
    )

    assert (after.outcome, after.joined_to_id) == (Outcome.JOINED, into.id)
    followers = db.session.scalars(db.select(Follow.account_id).where(Follow.case_id == into.id)).all()
    assert set(followers) == {both.id, only.id}


def test_a_case_is_not_joined_to_itself_nor_to_a_joined_or_private_one() -> None:
    case, officer = make_complaint(), make_officer()
    private = make_complaint(is_private=True)
    joined = make_complaint(Status.CLOSED, outcome=Outcome.JOINED, joined_to_id=case.id)

    for into in (case, private, joined):
        with pytest.raises(RuleViolation):
            done(case, lambda c, into=into: services.join(  # type: ignore[misc]
                c, queries.get_case(into.reference), by=officer, at=MONDAY, message="Same."))  # fmt: skip


def test_backing_twice_counts_once_and_follows() -> None:
    case, resident = make_complaint(), make_resident()
    make_support(make_complaint(), resident)

    for _time in range(2):
        done(case, lambda c: services.support(c, by=resident, at=MONDAY))

    assert queries.get_case(case.reference).support_count == 1
    assert queries.is_followed_by(case.id, resident.id)


def test_backing_never_makes_an_officers_page_stale() -> None:
    case = make_complaint()

    after = done(case, lambda c: services.support(c, by=make_resident_inside(), at=MONDAY))

    assert after.version == case.version


def make_resident_inside() -> Account:
    account = Account(display_name="Backer", created_at=MONDAY, email_verified_at=MONDAY)
    db.session.add(account)
    db.session.flush()
    return account


def test_support_is_taken_back_and_the_count_with_it() -> None:
    case, resident = make_complaint(), make_resident()
    done(case, lambda c: services.support(c, by=resident, at=MONDAY))

    done(case, lambda c: services.unsupport(c, by=resident, at=MONDAY))
    done(case, lambda c: services.unsupport(c, by=resident, at=MONDAY))

    assert queries.get_case(case.reference).support_count == 0


def test_one_does_not_back_ones_own_case_nor_a_closed_one() -> None:
    resident = make_resident()

    for case in (make_complaint(reporter=resident), make_complaint(Status.CLOSED)):
        with pytest.raises(RuleViolation):
            done(case, lambda c: services.support(c, by=resident, at=MONDAY))


def test_many_residents_back_at_the_same_moment_and_none_is_lost_or_doubled(app: Flask) -> None:
    case, residents = make_complaint(), [make_resident() for _n in range(8)]
    db.session.rollback()

    def back(account_id: int) -> None:
        with app.app_context(), transaction() as session:
            locked = queries.lock_case(case_reference)
            services.support(locked, by=session.get_one(Account, account_id), at=MONDAY)

    case_reference, ids = case.reference, [r.id for r in residents]
    db.session.rollback()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(back, ids * 2))

    rows = db.session.scalar(
        db.select(db.func.count()).select_from(Support).where(Support.case_id == case.id)
    )
    assert queries.get_case(case_reference).support_count == rows == 8


def test_events_are_not_read_by_the_public_before_their_time() -> None:
    case = make_complaint(at=MONDAY)
    save(
        CaseEvent(
            case_id=case.id,
            kind=EventKind.UPDATED,
            at=MONDAY,
            public_from=MONDAY + timedelta(hours=1),
            message="Later.",
        )
    )

    early = queries.story(case.id, reader=Audience.PUBLIC, at=MONDAY)
    later = queries.story(case.id, reader=Audience.PUBLIC, at=MONDAY + timedelta(hours=2))

    assert "Later." not in {e.message for e in early}
    assert "Later." in {e.message for e in later}
