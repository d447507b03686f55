from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from cps.cases.models import Case
from cps.core import audit, clock, doctor, outbox, schema
from cps.core.db import db, transaction
from cps.core.doctor import Finding
from cps.core.models import AuditRow, City, OutboxFact
from cps.core.outbox import Fact
from tests.support import factories
from tests.support.application import Application
from tests.support.fixtures import Clock, Database

pytestmark = pytest.mark.usefixtures("app", "well")


@pytest.fixture
def well(app: Flask) -> None:
    """A city that lacks nothing."""
    factories.make_administrator()
    factories.make_complaint(category=factories.make_category())


def found(name: str) -> Finding:
    return next(finding for finding in doctor.examine(at=clock.now()) if finding.name == name)


def wrong() -> dict[str, str]:
    """What is wrong, but for the clock of PostgreSQL, which knows nothing of the clock of the test."""
    found = doctor.examine(at=clock.now())
    return {f.name: f.text for f in found if not f.is_well and f.name != "database clock"}


def test_a_city_that_lacks_nothing_is_well() -> None:
    case = factories.make_complaint()
    factories.make_support(case, factories.make_resident(), factories.make_resident())

    assert wrong() == {}
    assert found("supports").text == "2 counted again, none missing"


@pytest.mark.bare_database
def test_a_database_without_a_city_is_told_what_to_run(app: Flask) -> None:
    with transaction() as session:
        session.execute(db.delete(City))

    assert "cps init" in wrong()["city"]


@pytest.mark.parametrize("column", ["support_count", "photo_count"])
def test_a_count_that_drifted_is_noticed(column: str) -> None:
    factories.make_complaint()
    case = factories.make_complaint()
    with transaction() as session:
        session.execute(db.update(Case).where(Case.id == case.id).values({column: 7}))

    name = {"support_count": "supports", "photo_count": "photos"}[column]
    assert wrong() == {name: f"1 cases say another number of {name} than there are"}


def test_a_case_without_its_beginning_is_noticed() -> None:
    case = factories.make_complaint()
    with transaction() as session:
        session.execute(text("DELETE FROM case_event WHERE case_id = :id"), {"id": case.id})

    assert wrong() == {"stories": "1 cases without a beginning or without a contact row"}


def test_a_changed_trace_is_noticed() -> None:
    with transaction():
        audit.record("move-case", about=("case", "261148391267"), by=None, at=clock.now())
        audit.record("move-case", about=("case", "261148391268"), by=None, at=clock.now())
        db.session.flush()
        audit.chain_new_rows()
    with transaction() as session:
        for statement in _without_guard():
            session.execute(text(statement))

    assert "the chain breaks at row" in wrong()["audit"]


def _without_guard() -> list[str]:
    change = "UPDATE audit SET action = 'nothing' WHERE id = (SELECT min(id) FROM audit)"
    if db.engine.dialect.name == "postgresql":
        return ["ALTER TABLE audit DISABLE TRIGGER USER", change, "ALTER TABLE audit ENABLE TRIGGER USER"]
    return ["DROP TRIGGER audit_no_update", change]


def test_a_missing_trigger_is_noticed() -> None:
    on_table = " ON audit" if db.engine.dialect.name == "postgresql" else ""
    with transaction() as session:
        session.execute(text(f"DROP TRIGGER audit_no_delete{on_table}"))

    assert wrong() == {"triggers": "missing: audit_no_delete; run `cps upgrade`"}


def test_a_database_of_another_version_ends_the_examination() -> None:
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))

    findings = doctor.examine(at=clock.now())

    assert [f.name for f in findings] == ["database", "migrations"]
    assert "run `cps upgrade`" in findings[-1].text


def test_the_level_of_the_schema_and_who_may_use_it_are_told() -> None:
    known = schema.standing()

    assert known is not None
    assert found("migrations").text.endswith(
        f", level {schema.LEVEL}; usable from level {known.oldest_code} on"
    )


def test_a_newer_schema_that_still_allows_this_program_is_well() -> None:
    newer_schema(oldest_code=schema.LEVEL)

    assert wrong() == {}
    assert f"newer than this program (level {schema.LEVEL})" in found("migrations").text


def test_a_newer_schema_that_this_program_must_not_touch_ends_the_examination() -> None:
    newer_schema(oldest_code=schema.LEVEL + 1)

    findings = doctor.examine(at=clock.now())

    assert [(f.name, f.is_well) for f in findings] == [("database", True), ("migrations", False)]
    assert "is too old for its database" in findings[-1].text


def newer_schema(*, oldest_code: int) -> None:
    """Let the database be as a later version of the program leaves it."""
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'later'"))
        schema.set_level(session.connection(), schema.LEVEL + 1, oldest_code=oldest_code)


def test_late_work_means_that_no_worker_runs(clock: Clock) -> None:
    case = factories.make_complaint()
    with transaction():
        outbox.state(Fact.CASE_FILED, case.id, at=clock.now)
    assert wrong() == {}

    clock.move(minutes=11)

    assert wrong() == {"facts": "1 late: does a worker run? Start one with `cps worker`"}


def test_work_that_was_laid_aside_is_noticed() -> None:
    case = factories.make_complaint()
    with transaction() as session:
        outbox.state(Fact.CASE_FILED, case.id, at=clock.now())
        session.flush()
        session.execute(db.update(OutboxFact).values(failed_at=clock.now()))

    assert "1 laid aside" in wrong()["facts"]


def test_files_that_cannot_be_kept_are_noticed(app: Flask) -> None:
    media = Path(app.extensions["cps_config"].storage_url)
    media.parent.mkdir(exist_ok=True)
    media.write_text("a file where the folder should be")

    assert "a file cannot be kept" in wrong()["files"]


def test_keys_that_others_can_read_are_noticed(app: Flask) -> None:
    key = app.extensions["cps_config"].keys_dir / "identity.key"
    key.chmod(0o644)

    assert "can be read by others" in wrong()["keys"]


def test_missing_keys_are_noticed_and_not_made_anew(app: Flask) -> None:
    key = app.extensions["cps_config"].keys_dir / "identity.key"
    key.unlink()

    assert "is not there" in wrong()["keys"]
    assert not key.exists()


def test_a_clock_that_was_set_back_is_noticed(clock: Clock) -> None:
    with transaction() as session:
        session.add(
            AuditRow(
                at=clock.now + timedelta(days=1), action="x", object_kind="city", object_id="1", changes={}
            )
        )

    assert "set back" in wrong()["clock"]


def test_a_city_that_nobody_can_manage_is_noticed() -> None:
    with transaction() as session:
        session.execute(text("DELETE FROM role_grant"))

    assert "cps create-account" in wrong()["administrators"]


def test_a_city_where_nobody_can_complain_is_noticed() -> None:
    with transaction() as session:
        session.execute(text("UPDATE category SET is_active = :no"), {"no": False})

    assert wrong() == {"categories": "there is none, so nobody can complain"}


def test_a_category_whose_department_is_gone_is_noticed() -> None:
    category = factories.make_category(code="kerb")
    with transaction() as session:
        session.execute(
            text("UPDATE department SET is_active = :no WHERE id = :id"),
            {"no": False, "id": category.department_id},
        )

    assert wrong() == {"categories": "their department is not active: kerb"}


def test_a_database_whose_clock_goes_wrong_is_noticed(database: Database) -> None:
    assert found("database clock").is_well is (database.kind == "sqlite")


def test_a_database_that_does_not_answer_is_the_only_finding(
    application: Application, database: Database
) -> None:
    away = {
        "sqlite": "sqlite:////nowhere/at/all.sqlite",
        "postgresql": database.url.replace(database.name, "away"),
    }
    app = application.point_at(away[database.kind], database.folder)

    with app.app_context():
        (finding,) = doctor.examine(at=clock.now())

    assert (finding.name, finding.is_well) == ("database", False)
    assert "does not answer" in finding.text
