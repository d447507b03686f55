"""Cases under a notice: one update answers all of them."""

import pytest

from cps.accounts.models import Account
from cps.cases import queries, services
from cps.cases.models import Case, CaseEvent, CaseNotice, CaseNoticeUpdate
from cps.cases.rules import EventKind, Outcome, Status
from cps.cases.services import Closing
from cps.cases.services.notices import ANSWER_MORE
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.models import AuditRow, Job, OutboxFact
from cps.core.outbox import Fact
from cps.departments.models import Department
from cps.notices import queries as notices
from cps.notices import services as notice_services
from cps.notices.models import Notice
from tests.support import factories as make

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def department(app: object) -> Department:
    return make.make_department("Water")


@pytest.fixture
def officer(department: Department) -> Account:
    return make.make_officer(department)


def hang(notice: Notice, *cases: Case, by: Account) -> list[str]:
    with transaction():
        locked = [queries.lock_case(case.reference) for case in cases]
        hung = services.hang(locked, notices.lock(notice.id), by=by, at=clock.now())
        return [case.reference for case in hung]


def answer(
    notice: Notice, text: str, *, by: Account, closing: Closing | None = None, limit: int = 100
) -> tuple[int, bool]:
    with transaction():
        row = notices.lock(notice.id)
        update = notice_services.add_update(
            row, {"en": text, "ko": f"{text} (한국어)"}, by=by, at=clock.now()
        )
        done = services.answer_all(update, by=by, at=clock.now(), closing=closing, limit=limit)
        return update.id, done


def told(case: Case) -> list[str]:
    db.session.rollback()
    events = db.session.scalars(
        db.select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    )
    return [event.message for event in events if "notice" in event.data]


def states(*cases: Case) -> list[Status]:
    db.session.rollback()
    db.session.expire_all()
    return [queries.get_case(case.reference).status for case in cases]


def facts(fact: Fact) -> list[OutboxFact]:
    return list(db.session.scalars(db.select(OutboxFact).where(OutboxFact.fact == fact.value)))


def test_a_case_that_hangs_under_a_notice_tells_what_the_city_knows(
    officer: Account, department: Department
) -> None:
    case = make.make_complaint(department=department)
    other = make.make_complaint(department=department)

    assert hang(make.make_notice(), case, by=officer) == [case.reference]

    assert told(case) == ["No water\n\nWe know. A pipe is being changed."]
    assert told(other) == []
    assert facts(Fact.CASE_EVENT) == []  # people are told once for all their cases
    assert [fact.payload for fact in facts(Fact.NOTICE_KNOWN)] == [{"cases": [case.id]}]


def test_a_case_hangs_under_one_notice_only(officer: Account, department: Department) -> None:
    case = make.make_complaint(department=department)
    first, second = make.make_notice(), make.make_notice("No power")
    hang(first, case, by=officer)

    assert hang(second, case, by=officer) == []

    found = queries.notice_of(case.id)
    assert found is not None
    assert found.id == first.id


def test_what_is_closed_hidden_or_about_staff_hangs_under_none(
    officer: Account, department: Department
) -> None:
    cases = [
        make.make_complaint(Status.CLOSED, department=department),
        make.make_complaint(department=department, is_hidden=True),
        make.make_complaint(department=department, is_private=True, is_integrity=True),
    ]

    assert hang(make.make_notice(), *cases, by=officer) == []
    assert facts(Fact.NOTICE_KNOWN) == []


def test_a_case_can_be_taken_off_and_keeps_its_story(officer: Account, department: Department) -> None:
    case, stays = (make.make_complaint(department=department) for _ in range(2))
    notice = make.make_notice()
    hang(notice, case, stays, by=officer)

    with transaction():
        services.take_off(queries.lock_case(case.reference), by=officer, at=clock.now())

    assert list(db.session.scalars(db.select(CaseNotice.case_id))) == [stays.id]
    assert told(case) != []
    actions = db.session.scalars(db.select(AuditRow.action).where(AuditRow.object_id == case.reference)).all()
    assert actions == ["hang-case-under-notice", "take-case-off-notice"]


def test_one_update_stands_in_every_case_in_the_language_of_the_case(
    officer: Account, department: Department
) -> None:
    english = make.make_complaint(department=department)
    korean = make.make_complaint(department=department, language="ko")
    other = make.make_complaint(department=department)
    notice = make.make_notice()
    hang(notice, english, korean, by=officer)

    key, done = answer(notice, "Back at six.", by=officer)

    assert done
    assert told(english)[1:] == ["Back at six."]
    assert told(korean)[1:] == ["Back at six. (한국어)"]
    assert told(other) == []
    assert facts(Fact.CASE_EVENT) == []
    assert [fact.about_id for fact in facts(Fact.NOTICE_UPDATED)] == [key]
    assert queries.told_by(key) == [english.id, korean.id]


def test_a_number_that_a_notice_gives_is_not_masked(officer: Account, department: Department) -> None:
    case = make.make_complaint(department=department)
    notice = make.make_notice(text={"en": "Call the water board: 031-555-4321"})

    hang(notice, case, by=officer)

    assert "031-555-4321" in told(case)[0]


def test_many_cases_are_answered_some_at_a_time_and_each_once(
    officer: Account, department: Department
) -> None:
    cases = [make.make_complaint(department=department) for _ in range(5)]
    notice = make.make_notice()
    hang(notice, *cases, by=officer)

    _key, done = answer(notice, "Back at six.", by=officer, limit=2)
    assert not done
    assert facts(Fact.NOTICE_UPDATED) == []
    rounds = 0
    while (
        job := db.session.scalar(db.select(Job).where(Job.kind == ANSWER_MORE, Job.done_at.is_(None)))
    ) is not None:
        rounds += 1
        payload = dict(job.payload)
        with transaction():
            update = notices.update(payload["update_id"])
            assert update is not None
            services.answer_all(update, by=officer, at=clock.now(), limit=2)
            db.session.get_one(Job, job.id).done_at = clock.now()

    assert rounds == 2
    assert [told(case)[1:] for case in cases] == [["Back at six."]] * 5
    assert len(facts(Fact.NOTICE_UPDATED)) == 1


def test_an_update_closes_what_can_be_closed_and_says_of_the_others_why_not(officer: Account) -> None:
    own = officer_department(officer)
    repair = make.make_category("Burst pipe", department=own, is_repair=True)
    question = make.make_category("Bill", department=own)
    cases = {
        "answered": make.make_complaint(category=question),
        "a repair without a photo": make.make_complaint(category=repair),
        "elsewhere": make.make_complaint(category=make.make_category("Road")),
    }
    notice = make.make_notice()
    hang(notice, *cases.values(), by=officer)

    key, _done = answer(notice, "It is back.", by=officer, closing=Closing(Outcome.FIXED))

    refusals = dict(
        db.session.execute(
            db.select(CaseNoticeUpdate.case_id, CaseNoticeUpdate.refusal).where(
                CaseNoticeUpdate.update_id == key
            )
        ).all()
    )
    assert {name: refusals[case.id] for name, case in cases.items()} == {
        "answered": "",
        "a repair without a photo": "photo-missing",
        "elsewhere": "not-yours",
    }
    assert states(*cases.values()) == [Status.CLOSED, Status.RECEIVED, Status.RECEIVED]
    assert all(told(case)[-1] == "It is back." for case in cases.values())
    assert facts(Fact.CASE_EVENT) == []


def test_repairs_are_called_fixed_with_the_reason_why_there_is_no_photo(officer: Account) -> None:
    category = make.make_category("Burst pipe", department=officer_department(officer), is_repair=True)
    case, notice = make.make_complaint(category=category), make.make_notice()
    hang(notice, case, by=officer)

    answer(notice, "It is back.", by=officer, closing=Closing(Outcome.FIXED, "It lies under the road."))

    assert states(case) == [Status.CLOSED]
    event = db.session.scalars(db.select(CaseEvent).where(CaseEvent.kind == EventKind.MOVED)).one()
    assert event.data["why_no_photo"] == "It lies under the road."


def test_open_cases_of_the_area_and_category_are_offered_to_who_works_them(officer: Account) -> None:
    own = officer_department(officer)
    ward, elsewhere = make.make_ward(), make.make_ward()
    category = make.make_category("Water", department=own)
    fits = make.make_complaint(category=category, ward=ward)
    make.make_complaint(category=category, ward=elsewhere)
    make.make_complaint(category=make.make_category("Light", department=own), ward=ward)
    make.make_complaint(Status.CLOSED, category=category, ward=ward)
    hung = make.make_complaint(category=category, ward=ward)
    notice = make.make_notice(ward_codes=[ward.code], category_id=category.id)
    hang(notice, hung, by=officer)

    from cps.cases.policy import reach_of, workable

    offered = queries.offered(notices.get(notice.id), workable(officer.roles, reach_of(officer)))

    assert [row.reference for row in offered] == [fits.reference]


def test_cases_around_a_place_are_offered(officer: Account) -> None:
    ward = make.make_ward()
    lat, lon = make.middle(ward)
    own = officer_department(officer)
    near = make.make_complaint(department=own, lat=lat, lon=lon)
    make.make_complaint(department=own, lat=lat + 0.1, lon=lon)
    notice = make.make_notice(lat=lat, lon=lon, radius_m=300)

    from cps.cases.policy import reach_of, workable

    offered = queries.offered(notices.get(notice.id), workable(officer.roles, reach_of(officer)))

    assert [row.reference for row in offered] == [near.reference]


def officer_department(officer: Account) -> Department:
    from cps.departments.models import Staff

    key = db.session.scalars(db.select(Staff.department_id).where(Staff.account_id == officer.id)).one()
    return db.session.get_one(Department, key)


def test_people_are_told_of_old_updates_never_twice(officer: Account, department: Department) -> None:
    case, notice = make.make_complaint(department=department), make.make_notice()
    hang(notice, case, by=officer)
    answer(notice, "First.", by=officer)

    answer(notice, "Second.", by=officer)

    assert told(case)[1:] == ["First.", "Second."]
