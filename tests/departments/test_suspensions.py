"""Suspensions of work: entered once, publicly, for all; corrected, never edited."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError

from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AuditRow
from cps.departments import queries, services
from cps.departments.calendar import WorkingCalendar
from cps.departments.commands import suspensions_group
from cps.departments.models import WorkSuspension
from cps.departments.specs import SuspensionSpec
from tests.support.factories import (
    ZONE,
    make_administrator,
    make_resident,
    make_suspension,
    triage_department,
)
from tests.support.fixtures import WEDNESDAY
from tests.support.site import Site

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRIDAY_EVENING = datetime(2026, 11, 20, 9, tzinfo=UTC)
MANAGE = "/admin/suspensions"


def spec(start: datetime = WEDNESDAY, hours: float = 4, **more: object) -> SuspensionSpec:
    return SuspensionSpec(start, start + hours * HOUR, {"en": "A typhoon."}, **more)  # type: ignore[arg-type]


def entered(what: SuspensionSpec, at: datetime = WEDNESDAY) -> WorkSuspension:
    with transaction():
        return services.suspend_work(what, by=None, at=at)


def corrected(wrong: WorkSuspension, what: SuspensionSpec) -> WorkSuspension:
    with transaction():
        return services.correct_suspension(db.session.merge(wrong), what, by=None, at=WEDNESDAY)


def calendar() -> WorkingCalendar:
    db.session.rollback()
    return queries.working_calendar(ZONE)


@pytest.mark.usefixtures("app")
def test_a_suspension_takes_its_hours_from_the_calendar_and_nothing_else() -> None:
    usual = calendar()

    entered(spec(hours=4))

    assert not calendar().is_working(WEDNESDAY)
    assert calendar().working_time(WEDNESDAY, FRIDAY_EVENING) == (
        usual.working_time(WEDNESDAY, FRIDAY_EVENING) - 4 * HOUR
    )
    assert calendar().working_time(WEDNESDAY - DAY, WEDNESDAY) == usual.working_time(
        WEDNESDAY - DAY, WEDNESDAY
    )


@pytest.mark.usefixtures("app")
def test_the_same_suspension_is_entered_once() -> None:
    entered(spec())

    with pytest.raises(RuleViolation, match="entered already"):
        entered(spec())

    assert len(queries.suspensions()) == 1


def test_two_who_enter_the_same_at_once_enter_it_once(app: Flask) -> None:
    def enter() -> bool:
        with app.app_context():
            try:
                entered(spec())
            except RuleViolation:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        done = [future.result() for future in [pool.submit(enter) for _time in range(4)]]

    assert sorted(done) == [False, False, False, True]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (spec(hours=0), "end after it begins"),
        (spec(hours=-1), "end after it begins"),
        (spec(hours=24 * 32), "31 days"),
        (spec(WEDNESDAY - 15 * DAY), "14 days after"),
        (SuspensionSpec(WEDNESDAY, WEDNESDAY + HOUR, {"en": " "}), "missing"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_suspension_that_makes_no_sense_is_refused(wrong: SuspensionSpec, words: str) -> None:
    with pytest.raises(RuleViolation, match=words):
        entered(wrong)

    assert queries.suspensions() == []


@pytest.mark.usefixtures("app")
def test_a_correction_stands_in_place_of_an_entry_and_both_stay() -> None:
    usual, wrong = calendar(), entered(spec(hours=8))

    right = corrected(wrong, spec(hours=2))

    assert calendar().working_time(WEDNESDAY, FRIDAY_EVENING) == (
        usual.working_time(WEDNESDAY, FRIDAY_EVENING) - 2 * HOUR
    )
    assert [(one.id, one.corrects_id) for one in queries.suspensions()] == [
        (right.id, wrong.id),
        (wrong.id, None),
    ]
    assert calendar() != usual


@pytest.mark.usefixtures("app")
def test_a_correction_to_nothing_leaves_the_calendar_as_it_was() -> None:
    usual, wrong = calendar(), entered(spec(hours=8))

    corrected(wrong, spec(hours=0))

    assert calendar() == usual


@pytest.mark.usefixtures("app")
def test_an_entry_is_corrected_once() -> None:
    wrong = entered(spec(hours=8))
    corrected(wrong, spec(hours=2))

    with pytest.raises(RuleViolation, match="Correct the newer one"):
        corrected(wrong, spec(hours=3))


@pytest.mark.usefixtures("app")
def test_entering_leaves_an_audit_row() -> None:
    by = make_administrator()
    with transaction():
        services.suspend_work(spec(), by=by.id, at=WEDNESDAY)

    row = db.session.scalars(db.select(AuditRow).where(AuditRow.action == "suspend-work")).one()
    assert (row.actor_id, row.changes["corrects_id"]) == (by.id, [None, None])


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    "statement", ["UPDATE work_suspension SET whole_days = NOT whole_days", "DELETE FROM work_suspension"]
)
def test_the_database_refuses_to_change_what_was_entered(statement: str) -> None:
    entered(spec())

    with pytest.raises(DatabaseError, match="refused"), transaction() as session:
        session.execute(db.text(statement))

    assert len(queries.suspensions()) == 1


def test_everybody_reads_when_the_city_did_not_work_and_why(site: Site) -> None:
    make_suspension(WEDNESDAY, hours=4)
    wrong = make_suspension(WEDNESDAY + DAY, hours=2, reason={"en": "A mistake."})
    make_suspension(WEDNESDAY + DAY, hours=0, reason={"en": "There was none."}, corrects_id=wrong.id)

    page = site.get("/suspensions")

    assert "A typhoon." in page.text
    assert "Wednesday 18 November, 10:00" in page.text or "10:00" in page.text
    assert page.text.count("counts no more") == 1
    assert "In place of an earlier entry" in page.text


def test_a_page_without_suspensions_says_so(site: Site) -> None:
    assert "No suspension so far" in site.get("/suspensions").text


def test_an_administrator_enters_whole_days(site: Site) -> None:
    site.sign_in(make_administrator())

    page = site.submit(
        MANAGE, first_day="2026-11-19", last_day="2026-11-20", reason_en="Typhoon.", reason_ko="태풍"
    )

    assert "Typhoon." in page.text
    entry = queries.suspensions()[0]
    assert entry.whole_days
    assert entry.starts_at.astimezone(ZONE).isoformat() == "2026-11-19T00:00:00+09:00"
    assert entry.ends_at.astimezone(ZONE).isoformat() == "2026-11-21T00:00:00+09:00"
    assert entry.reason == {"en": "Typhoon.", "ko": "태풍"}


def test_an_administrator_enters_hours(site: Site) -> None:
    site.sign_in(make_administrator())

    site.submit(MANAGE, first_day="2026-11-19", starts="14:00", ends="18:00", reason_en="Heat.")

    entry = queries.suspensions()[0]
    assert not entry.whole_days
    assert entry.ends_at - entry.starts_at == 4 * HOUR


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason_en": "x"}, "Choose the first day."),
        ({"first_day": "2026-11-19"}, "Say why."),
        ({"first_day": "2026-11-19", "starts": "14:00", "reason_en": "x"}, "Give both times"),
        ({"first_day": "2026-11-19", "last_day": "2026-11-18", "reason_en": "x"}, "end after it begins"),
        ({"first_day": "2020-01-01", "reason_en": "x"}, "14 days after"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_wrong_form_says_what_to_mend_and_keeps_what_was_typed(
    site: Site, fields: dict[str, str], words: str
) -> None:
    site.sign_in(make_administrator())

    page = site.submit(MANAGE, **fields)

    assert page.status == 422
    assert words in page.text
    assert queries.suspensions() == []


def test_pressing_twice_enters_once(site: Site) -> None:
    site.sign_in(make_administrator())
    page = site.get(MANAGE)
    fields = {"first_day": "2026-11-19", "reason_en": "Typhoon."}

    site.submit(page, form=MANAGE, **fields)
    again = site.submit(page, form=MANAGE, **fields)

    assert again.status == 200
    assert len(queries.suspensions()) == 1


def test_an_administrator_corrects_an_entry(site: Site) -> None:
    wrong = make_suspension(WEDNESDAY, hours=8)
    site.sign_in(make_administrator())

    page = site.submit(f"{MANAGE}/{wrong.id}/correct", instead="none", reason_en="It did not come.")

    assert "It did not come." in page.text
    newest = queries.suspensions()[0]
    assert (newest.corrects_id, newest.starts_at) == (wrong.id, newest.ends_at)


def test_nobody_else_suspends_work(site: Site) -> None:
    triage_department()
    site.sign_in(make_resident())

    assert site.get(MANAGE).status in {403, 404}
    assert site.get(f"{MANAGE}/1/correct").status in {403, 404}


def test_the_commands_enter_correct_and_list(app: Flask) -> None:
    run = app.test_cli_runner().invoke

    entered = run(suspensions_group, ["enter", "2026-11-19", "2026-11-20", "--reason", "en=Typhoon."])
    again = run(suspensions_group, ["enter", "2026-11-19", "2026-11-20", "--reason", "en=Typhoon."])
    corrected = run(suspensions_group, ["correct", "1", "--none", "--reason", "en=It did not come."])
    listed = run(suspensions_group, ["list"])

    assert entered.exit_code == corrected.exit_code == listed.exit_code == 0
    assert isinstance(again.exception, RuleViolation)
    assert [line.split("  ")[0] for line in listed.output.splitlines()] == ["2", "1"]
    assert "counts no more" in listed.output
    assert queries.working_calendar(ZONE).suspensions == ()


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    "words",
    [
        ["enter", "2026-11-19"],
        ["enter", "2026-11-19", "--reason", "Typhoon"],
        ["enter", "2026-11-19", "--from", "14:00", "--reason", "en=x"],
        ["correct", "1", "--reason", "en=x"],
        ["correct", "1", "--none", "--first-day", "2026-11-19", "--reason", "en=x"],
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_command_used_wrongly_enters_nothing(app: Flask, words: list[str]) -> None:
    answer = app.test_cli_runner().invoke(suspensions_group, words)

    assert answer.exit_code == 2
    assert queries.suspensions() == []
