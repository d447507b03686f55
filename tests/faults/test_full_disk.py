"""The one disk of database, photos, temporary files and log is full."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url

from cps.core import commands
from tests.complaints.steps import photo
from tests.faults.disk import filled, limited, small_disk
from tests.faults.serving import Answer, Server, running
from tests.faults.test_database_gone import STORY, gives_the_story_back, reply
from tests.faults.test_killing import reporters
from tests.faults.visitors import Reporter
from tests.support.browser import free_port
from tests.support.fixtures import Database
from tests.support.site import Site

pytestmark = pytest.mark.one_database("the disk of PostgreSQL is its own, that of SQLite the program's")

LARGE = 1_500_000
BOUNDARY = "the-end-of-a-part"


@pytest.fixture(params=["disk", "limit"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """The folder for everything that is written: a small disk, or one whose processes will be limited."""
    if request.param == "disk":
        with small_disk(tmp_path / "disk") as folder:
            yield folder
    else:
        (tmp_path / "folder").mkdir()
        yield tmp_path / "folder"


def test_a_full_disk_is_told_in_plain_words_and_people_read_on(
    app: Flask, site: Site, database: Database, place: Path
) -> None:
    server = on(place, database)
    writer = reporters(server, site)[0]
    move(database, place)

    with running(server):
        assert upload(writer, "before").status == 303
        with full(server, place):
            refused, too_large = reply(writer), upload(writer, "with a photo")
            page, broken = server.ask("/complaints"), server.ask("/no-such-page")
        again, afterwards = reply(writer).status, upload(writer, "at last").status

    assert gives_the_story_back(refused)
    assert too_large.status == 503
    assert "We are out for a moment" in too_large.text
    assert (page.status, broken.status) == (200, 404)
    assert (again, afterwards) == (303, 303)
    assert saved(place) == ["before", STORY, "at last"]


def on(place: Path, database: Database) -> Server:
    """Return a server that writes whatever it writes to one place."""
    (place / "tmp").mkdir()
    port = free_port()
    settings = {
        "CPS_DATABASE_URL": f"sqlite:///{place / 'cps.sqlite'}",
        "CPS_STORAGE_URL": str(place / "media"),
        "TMPDIR": str(place / "tmp"),
    }
    return Server(database, commands.serving(1, 8, f"127.0.0.1:{port}"), settings, port, log_folder=place)


def move(database: Database, place: Path) -> None:
    """Copy the database to the place."""
    with ExitStack() as stack:
        old, new = (
            stack.enter_context(closing(sqlite3.connect(path)))
            for path in (str(make_url(database.url).database), place / "cps.sqlite")
        )
        old.backup(new)


def full(server: Server, place: Path) -> AbstractContextManager[None]:
    """Leave no room, by whatever means the place has."""
    return filled(place) if place.name == "disk" else limited(server)


def upload(writer: Reporter, message: str) -> Answer:
    """Send a message with a photo that is too large to be kept in memory."""
    fields = {"csrf_token": writer.visitor.token, "form_key": message, "message": message}
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    large = photo() + random.Random(1).randbytes(LARGE)
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {named}\r\n\r\n".encode() + content + b"\r\n"
        for named, content in [*parts, ('name="photos"; filename="hole.jpg"', large)]
    )
    body += f"--{BOUNDARY}--\r\n".encode()
    headers = {**writer.visitor.headers(), "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return writer.visitor.server.ask(f"/complaints/{writer.case.reference}/reply", body, **headers)


def saved(place: Path) -> list[str]:
    """Return the messages that are in the database."""
    with closing(sqlite3.connect(place / "cps.sqlite")) as database:
        rows = database.execute("SELECT message FROM case_event WHERE message != '' ORDER BY id")
        return [message for (message,) in rows]
