"""A backup holds everything, and comes back on either database."""

import shutil
import stat
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cps.cases.models import Attachment, Case
from cps.cases.services.photos import SIZES, storage_key
from cps.core import audit, clock, doctor
from cps.core.backup import hooks, restoring, saving
from cps.core.backup.manifest import BadBackup
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.storage import current_storage
from tests.support import backups, factories
from tests.support.backups import Quiet, everything, fill, found_by, installation
from tests.support.fixtures import Database

pytestmark = pytest.mark.usefixtures("app")
WRITERS = 3


Target = Callable[[], AbstractContextManager[tuple[Flask, Database]]]


@pytest.fixture
def target(database: Database, run_folder: Path, tmp_path: Path) -> Target:
    """Opens an empty installation on the other kind of database."""
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[database.kind]
    return lambda: installation(other, run_folder, tmp_path / "target")


@pytest.fixture(params=["sqlite", "postgresql"])
def each_target(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Target:
    """Opens an empty installation on each kind of database in turn."""
    return lambda: installation(request.param, run_folder, tmp_path / "target")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the backup goes."""
    return tmp_path / "city.zip"


def save(file: Path) -> Path:
    saving.save(file, at=clock.now(), progress=Quiet())
    return file


def restore(file: Path) -> restoring.Restored:
    return restoring.restore(file, at=clock.now(), progress=Quiet())


def all_rows() -> dict[str, list[tuple[object, ...]]]:
    db.session.rollback()
    with db.engine.connect() as connection:
        return everything(connection)


def wrong() -> dict[str, str]:
    """What the doctor says, but for the clock of PostgreSQL, which knows nothing of the clock of the test."""
    found = doctor.examine(at=clock.now())
    return {f.name: f.text for f in found if not f.is_well and f.name != "database clock"}


def test_every_row_of_every_table_comes_back_as_it_was(file: Path, each_target: Target) -> None:
    fill()
    before = all_rows()
    save(file)

    with each_target():
        restore(file)

        after = all_rows()
    assert {name: len(rows) for name, rows in after.items()} == {n: len(r) for n, r in before.items()}
    for name, rows in before.items():
        assert after[name] == rows, name


def test_a_restored_city_is_well_once_its_keys_are_back(
    file: Path, target: Target, database: Database
) -> None:
    fill()
    save(file)

    with target() as (_app, there):
        restored = restore(file)
        shutil.copytree(database.folder / "keys", there.folder / "keys")

        assert restored.other_keys == ("identity.key",)
        assert wrong() == {}


def test_photos_come_back_byte_by_byte(file: Path, target: Target) -> None:
    fill()
    keys = [
        storage_key(name, size) for name in db.session.scalars(db.select(Attachment.name)) for size in SIZES
    ]
    before = {key: current_storage().get(key) for key in keys}
    save(file)

    with target():
        restore(file)

        assert len(before) == 6
        assert {key: current_storage().get(key) for key in keys} == before


def test_life_goes_on_after_a_restore(file: Path, each_target: Target) -> None:
    fill()
    found = found_by("bakery")
    save(file)

    with each_target():
        restore(file)
        newest = db.session.scalar(db.select(db.func.max(Case.id))) or 0
        case = factories.make_complaint(body="Another hole before the bakery.")

        assert case.id > newest
        assert found_by("bakery") == [*found, case.id]
        with transaction():
            assert audit.chain_new_rows() == 1
        assert audit.first_broken_link() is None
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(text("DELETE FROM audit"))
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(text("INSERT INTO staff (account_id, department_id) VALUES (777, 777)"))


def test_a_fresh_migrated_database_counts_as_empty(file: Path, each_target: Target) -> None:
    fill()
    before = all_rows()
    save(file)

    with each_target():
        upgrade()
        with transaction() as session:
            session.execute(text("INSERT INTO limit_window VALUES ('visitor', '2026-11-18 01:00:00', 1)"))
        restore(file)

        assert all_rows() == before


def test_a_backup_made_while_people_write_is_of_one_moment(
    app: Flask, file: Path, each_target: Target, database: Database
) -> None:
    fill()
    with Writing(app) as writing:
        saving.save(file, at=clock.now(), progress=writing)
    then = db.session.scalar(db.select(db.func.count(Case.id))) or 0

    restoring.check(file, progress=Quiet())
    with each_target() as (_app, there):
        restore(file)
        shutil.copytree(database.folder / "keys", there.folder / "keys")

        assert writing.trouble == []
        assert wrong() == {}
        assert 4 < (db.session.scalar(db.select(db.func.count(Case.id))) or 0) < then


class Writing:
    """People who write without a pause; when rows are about to be read, some more is written first."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.trouble: list[Exception] = []
        self._written, self._stop = threading.Semaphore(0), threading.Event()
        self._threads = [threading.Thread(target=self._write) for _ in range(WRITERS)]

    def __enter__(self) -> "Writing":
        for thread in self._threads:
            thread.start()
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def begin(self, _part: str, _pieces: int) -> None:
        self._wait()

    def step(self, _pieces: int) -> None:
        self._wait()

    def _wait(self) -> None:
        """Wait until something more was written."""
        while self._written.acquire(blocking=False):
            pass
        assert self._written.acquire(timeout=60)

    def _write(self) -> None:
        with self.app.app_context():
            try:
                while not self._stop.is_set():
                    self._file_and_back()
                    self._written.release()
            except Exception as error:  # noqa: BLE001 - told in the test's own thread
                self.trouble.append(error)
            finally:
                db.session.remove()

    def _file_and_back(self) -> None:
        resident = factories.make_resident()
        case = factories.make_complaint(reporter=resident)
        factories.make_support(case, resident)
        with transaction() as session:
            audit.record("move-case", about=("case", case.reference), by=resident.id, at=clock.now())
            session.flush()
            audit.chain_new_rows()


def test_a_photo_that_is_removed_meanwhile_is_told_and_no_fault(file: Path, target: Target) -> None:
    fill()
    photo, kept = db.session.scalars(db.select(Attachment.name).order_by(Attachment.id))
    db.session.rollback()

    class Removing(Quiet):
        def begin(self, part: str, _pieces: int) -> None:
            if part == "files":
                current_storage().delete(storage_key(photo, "large"))

    manifest = saving.save(file, at=clock.now(), progress=Removing())
    restoring.check(file, progress=Quiet())
    with target():
        restore(file)

        assert manifest.missing == (storage_key(photo, "large"),)
        assert not current_storage().exists(storage_key(photo, "large"))
        assert current_storage().exists(storage_key(photo, "thumbnail"))
        assert current_storage().exists(storage_key(kept, "large"))


def test_a_feature_does_its_part_in_the_same_transaction(
    file: Path, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close_the_city(at: object) -> str:
        db.session.scalars(db.select(Case)).first().title = "Closed"  # type: ignore[union-attr]
        audit.record("restored", about=("city", 1), by=None, at=clock.now())
        return "1 case was closed"

    fill()
    save(file)
    monkeypatch.setitem(hooks._after_restore, "test", close_the_city)

    with target():
        restored = restore(file)

        assert "1 case was closed" in restored.told
        assert db.session.scalar(db.select(db.func.count(Case.id)).where(Case.title == "Closed")) == 1
        assert audit.has_new_rows()


def test_a_restore_that_fails_at_its_end_leaves_an_empty_installation(
    file: Path, each_target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(at: object) -> str:
        raise RuleViolation("The polls cannot be opened.")

    fill()
    before = all_rows()
    save(file)

    with each_target() as (_app, there):
        with monkeypatch.context() as patch:
            patch.setitem(hooks._after_restore, "test", fail)
            with pytest.raises(RuleViolation, match="polls cannot be opened"):
                restore(file)
        left = [path for path in (there.folder / "media").rglob("*") if path.is_file()]
        tables = db.inspect(db.engine).get_table_names()
        restore(file)

        assert (left, tables) == ([], [])
        assert all_rows() == before


def test_files_that_were_there_before_stay_when_a_restore_fails(file: Path, target: Target) -> None:
    fill()
    save(file)
    forged = backups.Forged(file)
    first, *_others = forged.files()
    forged.set_files({key: content for key, content in forged.files().items() if "fallback" not in key})
    forged.write(file)

    with target():
        current_storage().put(first, b"copied by hand", "image/webp")
        with pytest.raises(BadBackup):
            restore(file)

        assert current_storage().exists(first)


def test_an_installation_with_a_city_takes_no_backup(file: Path) -> None:
    fill()
    before = all_rows()
    save(file)

    with pytest.raises(RuleViolation, match="rows in the table city already"):
        restore(file)

    assert all_rows() == before


def test_only_its_owner_can_read_a_backup(file: Path) -> None:
    save(file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_backup_that_fails_leaves_the_one_before_alone(file: Path) -> None:
    save(file)
    before = file.read_bytes()
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'later'"))

    with pytest.raises(RuleViolation, match="cps upgrade"):
        save(file)

    assert file.read_bytes() == before
    assert [path.name for path in file.parent.glob("*.part")] + [p.name for p in file.parent.glob(".*")] == []


def test_a_city_without_photos_or_cases_can_be_backed_up(file: Path, target: Target) -> None:
    before = all_rows()
    save(file)

    restoring.check(file, progress=Quiet())
    with target():
        restore(file)

        assert all_rows() == before
