"""What is no whole backup of this program is refused with one clear line, and nothing is left of it."""

import base64
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from cps.core import clock
from cps.core.backup import restoring, revisions, saving
from cps.core.backup.archive import Archive
from cps.core.backup.manifest import BadBackup
from cps.core.db import db
from tests.support.backups import Forged, Quiet, fill, installation
from tests.support.fixtures import Database
from tests.support.terminal import cps

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_database("a file is read before any database")]

Change = Callable[[Forged], None]
Scratch = Callable[[], AbstractContextManager[Connection]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The backup of a city full of things."""
    fill()
    place = tmp_path / "city.zip"
    saving.save(place, at=clock.now(), progress=Quiet())
    return place


@pytest.fixture
def one_scratch() -> Iterator[Scratch]:
    """What a check loads into: each time the same empty tables, for making them takes a second."""
    with restoring._scratch() as connection:
        revisions.move(connection, revisions.head())
        connection.commit()

        @contextmanager
        def emptied() -> Iterator[Connection]:
            try:
                yield connection
            finally:
                connection.rollback()

        yield emptied


def refusal(file: Path) -> str:
    """What `--check` says against a file, in one line."""
    with pytest.raises(BadBackup) as caught:
        restoring.check(file, progress=Quiet())
    assert "\n" not in caught.value.message
    return caught.value.message


def test_a_whole_file_is_proved_without_touching_the_city(file: Path) -> None:
    before = db.session.execute(text("SELECT * FROM cases")).all()

    manifest = restoring.check(file, progress=Quiet())

    assert (manifest.files, manifest.missing) == (6, ())
    assert db.session.execute(text("SELECT * FROM cases")).all() == before


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_refused(file: Path, kept: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * kept)])

    assert refusal(file) == "city.zip is no backup of this program, or was cut off."


def test_one_changed_bit_anywhere_in_its_parts_is_noticed(file: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.zip"
    content = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        middles = [(m.filename, m.header_offset + 30 + len(m.filename) + 20 + m.compress_size // 2)
                   for m in archive.infolist() if m.compress_size > 40]  # fmt: skip
    assert len(middles) > 10
    for name, place in middles:
        changed.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])

        assert refusal(changed).startswith("changed.zip "), name


@pytest.mark.parametrize(
    "content", [b"", b"-- PostgreSQL database dump\n", b"PK\x03\x04 nearly", b"\0" * 10_000]
)
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "other.zip"
    place.write_bytes(content)

    assert refusal(place) == "other.zip is no backup of this program, or was cut off."


@pytest.mark.parametrize(
    "manifest",
    [None, "", "[]", "7", "{}", "null", '{"format": "cps-backup"}', '{"format": 1}', "[" * 100_000],
)
def test_a_foreign_zip_is_refused(tmp_path: Path, manifest: str | None) -> None:
    place = tmp_path / "other.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("readme.txt", "photos of my holidays")
        if manifest is not None:
            archive.writestr("manifest.json", manifest)

    assert refusal(place) == "other.zip is no backup of this program, or was cut off."


def newer(forged: Forged) -> None:
    forged.manifest.update(revision="9999_flying_cars", program="7.0")


def other_format(forged: Forged) -> None:
    forged.manifest["format_version"] = 2


def stray_member(forged: Forged) -> None:
    forged.members["../../etc/cron.d/city"] = b"* * * * * root true"


def absent_member(forged: Forged) -> None:
    del forged.members["tables/cases.jsonl"]


def table_with_a_path(forged: Forged) -> None:
    forged.table("cases")["name"] = "../cases"


def table_left_out(forged: Forged) -> None:
    forged.manifest["tables"].remove(forged.table("support"))
    del forged.members["tables/support.jsonl"]


def column_left_out(forged: Forged) -> None:
    place = forged.place("cases", "body")
    del forged.table("cases")["columns"]["body"]
    forged.set_rows("cases", [row[:place] + row[place + 1 :] for row in forged.rows("cases")])


def row_taken_out(forged: Forged) -> None:
    forged.set_rows("account", forged.rows("account")[1:])


def row_twice(forged: Forged) -> None:
    rows = forged.rows("cases")
    forged.set_rows("cases", [*rows, rows[0]])


def another_count(forged: Forged) -> None:
    forged.table("cases")["rows"] += 1


def another_content(forged: Forged) -> None:
    forged.table("cases")["content"] = "0" * 64


def short_row(forged: Forged) -> None:
    forged.set_rows("city", [row[:-1] for row in forged.rows("city")])


def no_json(forged: Forged) -> None:
    forged.members["tables/city.jsonl"] = b"the city\n"


def valued(table: str, column: str, value: object) -> Change:
    def change(forged: Forged) -> None:
        rows = forged.rows(table)
        rows[0][forged.place(table, column)] = value
        forged.set_rows(table, rows)

    change.__name__ = f"{column}={value!r:.20}"
    return change


def surrogate(forged: Forged) -> None:
    forged.members["tables/form_key.jsonl"] = (
        b'["' + b"f" * 64 + b'","","\\ud800","2026-11-18T01:00:00+00:00"]\n'
    )


def nested_too_deep(forged: Forged) -> None:
    forged.members["tables/form_key.jsonl"] = b"[" * 200_000 + b"\n"


def photo_taken_out(forged: Forged) -> None:
    forged.set_files({key: content for key, content in forged.files().items() if "thumbnail" not in key})


def photo_added(forged: Forged) -> None:
    forged.set_files({**forged.files(), "photos/aa/aaaa-large.webp": b"x"})


def photo_with_a_path(forged: Forged) -> None:
    forged.set_files({f"../../{key}": content for key, content in forged.files().items()})


def photo_that_is_a_link(forged: Forged) -> None:
    forged.set_files(dict.fromkeys(forged.files(), b""), tarfile.SYMTYPE)


def no_tar(forged: Forged) -> None:
    forged.members["media/000001.tar"] = b"no tar" * 200


FORGERIES: dict[Change, str] = {
    newer: "of a newer version of the program (7.0, schema 9999_flying_cars). Install that one.",
    other_format: "in a format of another version",
    stray_member: "does not hold the parts that its list names",
    absent_member: "does not hold the parts that its list names",
    table_with_a_path: "is no backup of this program",
    table_left_out: "does not have the tables of its schema",
    column_left_out: "does not have the tables of its schema",
    row_taken_out: "refers to a row of account that is not there",
    row_twice: "The rows do not fit together, or not into this database: UNIQUE constraint failed: cases.id.",
    another_count: "cases holds other rows than the backup's list says",
    another_content: "cases holds other rows than the backup's list says",
    short_row: "city, row 1: another number of columns.",
    no_json: "city, row 1: no JSON",
    valued("cases", "id", "1"): "cases, row 1: id is no integer (no whole number that a database has).",
    valued("cases", "is_private", 0): "cases, row 1: is_private is no boolean",
    valued(
        "cases", "due_at", "2026-11-18T01:00:00"
    ): "cases, row 1: due_at is no moment (a moment without a zone).",
    valued("cases", "status", "asleep"): "CHECK constraint failed",
    valued("cases", "title", None): "NOT NULL constraint failed",
    valued("cases", "version", 10**30): "cases, row 1: version is no integer",
    valued("cases", "due_at", "0001-01-01T00:00:00+05:00"): "cases, row 1: due_at is no moment",
    valued("cases", "due_at", 7): "cases, row 1: due_at is no moment",
    valued("attachment", "name", None): "attachment, row 1: names no file",
    surrogate: "form_key, row 1: ",
    nested_too_deep: "form_key, row 1: no JSON",
    valued("holiday", "day", "0001-13-01"): "holiday, row 1: day is no date",
    photo_taken_out: "city.zip holds a file that no row names",
    photo_added: "city.zip holds a file that no row names",
    photo_with_a_path: "city.zip holds a file that no row names",
    photo_that_is_a_link: "city.zip is damaged",
    no_tar: "city.zip is damaged",
}


def test_a_forged_file_is_refused_for_what_is_wrong_in_it(
    file: Path, tmp_path: Path, one_scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged_file = tmp_path / "forged" / "city.zip"
    forged_file.parent.mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(restoring, "_scratch", one_scratch)
        for change, says in FORGERIES.items():
            forged = Forged(file)
            change(forged)
            forged.write(forged_file)

            assert says in refusal(forged_file), change.__name__
    restoring.check(Forged(file).write(forged_file), progress=Quiet())


def test_what_a_row_names_must_be_a_key_of_the_store(file: Path) -> None:
    """Even where rows and files agree, a path that leads out is refused."""
    forged = Forged(file)
    rows, place = forged.rows("attachment"), forged.place("attachment", "name")
    name, evil = rows[0][place], "../../../etc/x"
    rows[0][place] = evil
    forged.set_rows("attachment", rows)
    renamed = {
        key.replace(f"/{name[:2]}/{name}", f"/{evil[:2]}/{evil}"): content
        for key, content in forged.files().items()
    }
    forged.set_files(renamed)
    forged.write(file)

    assert "that may not be stored" in refusal(file)


def test_nothing_is_ever_unpacked_beside_the_file(file: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())

    restoring.check(file, progress=Quiet())

    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_keys_are_not_in_a_backup(file: Path, database: Database) -> None:
    key = (database.folder / "keys" / "identity.key").read_bytes()

    with Archive(file) as archive:
        content = b"".join(piece for part in archive.manifest.parts for piece in archive.chunks(part))
        listed = archive.manifest.to_json()
    for form in (key, key.hex().encode(), base64.b64encode(key)):
        assert form not in content + listed


def test_a_value_that_only_sqlite_takes_leaves_postgresql_empty(
    file: Path, run_folder: Path, tmp_path: Path
) -> None:
    forged = Forged(file)
    valued("department", "code", "a code that is far longer than the forty characters it may have")(forged)
    forged.write(file)

    with installation("postgresql", run_folder, tmp_path / "target"):
        with pytest.raises(BadBackup, match=r"value too long for type character varying\(40\)\.$"):
            restoring.restore(file, at=clock.now(), progress=Quiet())

        assert db.inspect(db.engine).get_table_names() == []


def test_at_a_terminal_a_refusal_is_one_line_and_status_1(file: Path, database: Database) -> None:
    file.write_bytes(file.read_bytes()[:-1000])

    answer = cps(database, "restore", str(file), "--check")

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == "cps: city.zip is no backup of this program, or was cut off.\n"


def test_a_file_that_is_not_there_is_wrong_use(database: Database, tmp_path: Path) -> None:
    assert cps(database, "restore", str(tmp_path / "nothing.zip")).returncode == 2


def test_a_place_that_cannot_be_written_is_told_in_one_line(database: Database, tmp_path: Path) -> None:
    answer = cps(database, "backup", str(tmp_path / "no such folder" / "city.zip"))

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == "cps: The file cannot be read or written: No such file or directory.\n"
