"""Clients that send or read next to nothing must not keep the others waiting."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import cps
from cps.core import commands
from tests.faults.serving import Server, running, serving
from tests.faults.test_killing import reporters
from tests.faults.visitors import messages
from tests.support.browser import free_port
from tests.support.fixtures import Database
from tests.support.site import Site

pytestmark = pytest.mark.one_database("what is slow is in front of the application")

EACH = 13
HEAD = b"Host: localhost\r\nUser-Agent: slow\r\n"
HALF_A_LINE = b"GET /complaints?after="
HALF_A_HEAD = b"GET /complaints HTTP/1.1\r\n" + HEAD + b"X-Half: "
HALF_A_BODY = (
    b"POST /accounts/sign-in HTTP/1.1\r\n" + HEAD + b"Content-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 50000\r\n\r\nemail="
)
SCRIPT = next((Path(cps.__file__).parent / "static" / "dist").glob("leaflet-*.js")).name
NEVER_READ = (f"GET /static/dist/{SCRIPT} HTTP/1.1\r\n".encode() + HEAD + b"\r\n") * 80
"""Together 12 MB of answers, more than any buffer takes."""

TRICKLE_SECONDS = 0.5


@contextmanager
def slow_clients(port: int) -> Iterator[None]:
    """Keep 52 connections open: stuck in the first line, the head, the body a byte at a time, the answer."""
    with ExitStack() as stack:
        clients = {
            opening: [stack.enter_context(connect(port, opening)) for _client in range(EACH)]
            for opening in (HALF_A_LINE, HALF_A_HEAD, HALF_A_BODY, NEVER_READ)
        }
        stack.enter_context(trickling(clients[HALF_A_BODY] + clients[HALF_A_HEAD]))
        yield


@contextmanager
def connect(port: int, opening: bytes) -> Iterator[socket.socket]:
    """Open a connection with next to no room for answers, and send what the client begins with."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.settimeout(20)
        client.connect(("127.0.0.1", port))
        client.sendall(opening)
        yield client


@contextmanager
def trickling(clients: list[socket.socket]) -> Iterator[None]:
    """Send a byte on each connection now and then."""
    enough = threading.Event()

    def trickle() -> None:
        while not enough.wait(TRICKLE_SECONDS):
            for client in clients:
                client.send(b"a")

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def test_fifty_slow_clients_keep_nobody_else_waiting(database: Database) -> None:
    with serving(database) as server, slow_clients(server.port):
        answers = [server.ask(path).status for path in ("/healthz", "/complaints", "/complaints/new") * 5]

    assert set(answers) == {200}


def test_a_client_that_stays_silent_is_left_without_a_word_in_the_log(database: Database) -> None:
    port = free_port()
    impatient = commands.serving(1, 2, f"127.0.0.1:{port}", "tests.faults.impatient")

    with running(Server(database, impatient, port=port)) as server:
        for opening in (HALF_A_HEAD, HALF_A_BODY):
            with connect(port, opening) as client:
                assert client.recv(100) == b""
        log = server.log()

    assert log == ""


def test_a_request_that_was_cut_off_changes_nothing(site: Site, database: Database) -> None:
    with serving(database, workers=1) as server:
        writer = reporters(server, site)[0]
        head, body = writer.request("A long story")
        with connect(server.port, head + body[:-1]) as client:
            client.shutdown(socket.SHUT_WR)
            assert client.recv(100) == b""
            assert messages() == []
        with connect(server.port, head + body) as client:
            assert client.recv(12) == b"HTTP/1.1 303"
            assert messages() == ["A long story"]
