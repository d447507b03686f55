"""The web server itself, started as `cps run` does."""

import http.client
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from time import monotonic, sleep

import pytest

from tests.support.browser import free_port
from tests.support.fixtures import Database

pytestmark = [
    pytest.mark.usefixtures("app"),
    pytest.mark.one_database("the web server never looks at the database"),
]


@pytest.fixture
def port(database: Database) -> Iterator[int]:
    """The port of a running server."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "cps", "run", "--workers", "1"], env=database.environment(PORT=str(port))
    )
    try:
        end = monotonic() + 60
        while not _answers(port):
            assert server.poll() is None
            assert monotonic() < end
            sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _answers(port: int) -> bool:
    try:
        return ask(port, "/healthz")[0] == 200
    except OSError:
        return False


def ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    """Return status and body of what the server answers."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_a_visitor_cannot_say_where_the_site_begins(port: int) -> None:
    status, body = ask(port, "//evil.example/complaints", SCRIPT_NAME="//evil.example")

    assert status != 200
    assert 'href="//evil.example' not in body
    assert ask(port, "/healthz", PATH_INFO="/complaints") == (200, "ok\n")
