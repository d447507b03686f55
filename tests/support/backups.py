"""Backups in tests: a second installation to restore into, a city full of odd values, and forged files."""

import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import JSON, Connection, null, select, text

from cps.accounts.models import OneTimeCode, SignInSession
from cps.accounts.rules import CodePurpose
from cps.cases.models import Attachment, Case, Draft
from cps.cases.rules import Outcome, Status
from cps.cases.services.photos import add_photos, store_photo
from cps.core import audit, clock
from cps.core.backup.rows import Content
from cps.core.db import db, transaction
from cps.core.models import FormKey, LimitWindow
from cps.core.storage import current_storage
from cps.departments.models import Holiday, OpeningHours, ReplyTemplate
from cps.wards.models import Ward
from tests.support import databases, factories
from tests.support.application import cached
from tests.support.fixtures import Database
from tests.support.postgresql import NoPostgresql
from tests.support.run import unavailable

ODD = "«Zoë» 🕳️\u200d👩🏽\n\t\\n \"'; DROP TABLE cases; -- {} [] null ا\u200fلعربية 도로\u2028 e\u0301 ,1e+22,"
FIRST_MOMENT = datetime(1, 1, 1, tzinfo=UTC)
LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
ODD_JSON = {
    "": "", "json": None, "text": ODD, "deep": [[{"a": [True, False, None, {}]}], []],
    "numbers": [0, -1, 2**53 + 1, 10**30, 0.1, -0.0, 1.0, 1e22, 5e-324],
}  # fmt: skip


class Quiet:
    """A progress nobody watches."""

    def begin(self, part: str, pieces: int) -> None:
        """Begin a part."""

    def step(self, pieces: int) -> None:
        """Go on."""


@contextmanager
def installation(kind: str, run: Path, folder: Path) -> Iterator[tuple[Flask, Database]]:
    """Give an application on a database without any table, of the given kind."""
    try:
        server = databases.server(kind, run)
    except NoPostgresql as error:
        unavailable("PostgreSQL", str(error))
    name = databases.new_name("target")
    server.create(name)
    folder.mkdir()
    application = cached(f"{kind} target", server.url(name), folder)
    app = application.point_at(server.url(name), folder)
    try:
        with app.app_context():
            yield app, Database(kind, name, server.url(name), folder)
            db.session.remove()
    finally:
        application.leave()
        server.drop(name)


def fill() -> None:
    """Fill the city of the tests with something in most tables, and values that are hard to carry over."""
    at = clock.now()
    ward, _unnamed = factories.make_ward(name={"en": ODD, "ko": ""}), factories.make_ward()
    factories.save(Ward(code="no-outline", name={}, geometry=null()))
    factories.save(Ward(code="null-outline", name={}, geometry=JSON.NULL))
    category = factories.make_category(questions=[factories.question(stops=ODD_JSON)])
    resident = factories.make_resident(display_name=ODD, ward_id=ward.id)
    officer = factories.make_officer(category.department)
    factories.make_administrator()
    for status in (Status.RECEIVED, Status.IN_PROGRESS, Status.CLOSED):
        case = factories.make_complaint(status, category=category, ward=ward, reporter=resident, body=ODD)
        factories.make_support(case, resident, officer)
        factories.make_follow(case, resident)
    factories.make_event(case, data=ODD_JSON, message=ODD)
    _join_to_a_later_case(case)
    _photos_of(case)
    factories.save(
        Draft(token_hash="d" * 64, content=ODD_JSON, created_at=at, updated_at=at),
        Holiday(day=date(1, 1, 1), name={"en": ODD}),
        Holiday(day=date(9999, 12, 31), name={}),
        OpeningHours(weekday=6, opens=time(0, 0, 0, 1), closes=time(23, 59, 59, 999_999)),
        ReplyTemplate(code="odd", title={"en": ODD}, body={}, updated_at=LAST_MOMENT),
        FormKey(key_hash="f" * 64, purpose="", leads_to=ODD, used_at=FIRST_MOMENT),
        LimitWindow(bucket=ODD, window_start=at + timedelta(microseconds=1), count=2**31 - 1),
        SignInSession(
            token_hash="s" * 64, account_id=resident.id, created_at=at, seen_at=at, expires_at=LAST_MOMENT
        ),
        OneTimeCode(
            purpose=CodePurpose.SIGN_IN, target_tag="t" * 64, code_hash="c" * 64, created_at=at, expires_at=at
        ),
    )
    leave_traces()


def leave_traces() -> None:
    """Leave audit rows, chained but for the last, and an access row."""
    with transaction() as session:
        for number in range(3):
            audit.record(
                "odd", about=("case", number), by=None, at=clock.now(), changes={"title": [ODD, None]}
            )
        audit.record_access("contact", by=1, at=clock.now())
        session.flush()
        audit.chain_new_rows()
    with transaction():
        audit.record("odd", about=("city", 1), by=None, at=clock.now())


def _join_to_a_later_case(case: Case) -> None:
    later = factories.make_complaint(category=case.category)
    with transaction() as session:
        row = session.get_one(Case, case.id)
        row.outcome, row.joined_to_id = Outcome.JOINED, later.id


def _photos_of(case: Case) -> None:
    for colour in ("red", "green"):
        picture = io.BytesIO()
        Image.new("RGB", (40, 30), colour).save(picture, "PNG")
        photo = store_photo(
            picture.getvalue(), storage=current_storage(), zone=factories.ZONE, at=clock.now()
        )
        with transaction() as session:
            add_photos(session.get_one(Case, case.id), [photo], Attachment.stage.default.arg)


def everything(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, computed columns too, and which JSON columns are NULL."""
    return {name: _rows(connection, name) for name in sorted(db.metadata.tables)}


def _rows(connection: Connection, name: str) -> list[tuple[Any, ...]]:
    table = db.metadata.tables[name]
    nulls = [column.is_(null()) for column in table.columns if isinstance(column.type, JSON)]
    rows = connection.execute(select(*table.columns, *nulls)).all()
    return sorted((tuple(row) for row in rows), key=repr)


def found_by(word: str) -> list[int]:
    """Return the identifiers of the cases that the search index has under a word."""
    question = {
        "sqlite": "SELECT rowid FROM case_search WHERE case_search MATCH :word ORDER BY 1",
        "postgresql": "SELECT id FROM cases WHERE search_vector @@ CAST(:word AS tsquery) ORDER BY 1",
    }
    return list(db.session.scalars(text(question[db.engine.dialect.name]), {"word": word}))


class Forged:
    """A backup taken apart: change what you like, then write it with hashes that fit again."""

    def __init__(self, file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            self.members = {name: archive.read(name) for name in archive.namelist()}
        self.manifest: dict[str, Any] = json.loads(self.members.pop("manifest.json"))

    def table(self, name: str) -> dict[str, Any]:
        """Return what the manifest says of a table."""
        return next(table for table in self.manifest["tables"] if table["name"] == name)

    def rows(self, name: str) -> list[list[Any]]:
        """Return the rows of a table."""
        return [json.loads(line) for line in self.members[f"tables/{name}.jsonl"].splitlines()]

    def place(self, table: str, column: str) -> int:
        """Return at which place a column stands in the rows of a table."""
        return list(self.table(table)["columns"]).index(column)

    def set_rows(self, name: str, rows: list[list[Any]]) -> None:
        """Replace the rows of a table."""
        lines = [
            json.dumps(r, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
            for r in rows
        ]
        content = Content()
        for line in lines:
            content.add(line)
        self.members[f"tables/{name}.jsonl"] = b"".join(lines)
        self.table(name).update(rows=len(rows), content=content.text())

    def files(self) -> dict[str, bytes]:
        """Return the files of the first tar."""
        with tarfile.open(fileobj=io.BytesIO(self.members["media/000001.tar"])) as tar:
            return {info.name: tar.extractfile(info).read() for info in tar}  # type: ignore[union-attr]

    def set_files(self, files: dict[str, bytes], kind: bytes = tarfile.REGTYPE) -> None:
        """Replace the files."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            for key, content in files.items():
                info = tarfile.TarInfo(key)
                info.size, info.type = len(content), kind
                info.linkname = "/etc/passwd" if kind == tarfile.SYMTYPE else ""
                tar.addfile(info, io.BytesIO(content))
        self.members["media/000001.tar"] = packed.getvalue()
        self.manifest["media"][0]["files"] = len(files)

    def write(self, place: Path) -> Path:
        """Write it with right sizes and hashes; returns the place."""
        for part in self.manifest["tables"]:
            self._hash(part, f"tables/{part['name']}.jsonl")
        for number, part in enumerate(self.manifest["media"], start=1):
            self._hash(part, f"media/{number:06}.tar")
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.members.items():
                archive.writestr(name, content)
            archive.writestr("manifest.json", json.dumps(self.manifest))
        return place

    def _hash(self, part: dict[str, Any], member: str) -> None:
        if member in self.members:
            content = self.members[member]
            part.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
