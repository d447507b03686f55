"""The server is asked to end, and makes room for a new one, while people use it."""

import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from threading import Event, Thread

import pytest
from flask import Flask

from tests.faults.serving import PATIENCE, Server, children, running, serving, wait_until
from tests.faults.test_killing import let_write, reporters
from tests.faults.visitors import Reporter, messages, writing
from tests.support.browser import free_port
from tests.support.fixtures import Database
from tests.support.site import Site

SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
"""What systemd does for the service of a socket unit: the socket is number 3."""


@pytest.mark.one_database("the server waits for the body of a request, not for the database")
def test_a_request_that_has_begun_is_finished_before_the_end(
    app: Flask, site: Site, database: Database
) -> None:
    with serving(database, workers=1) as server:
        writer = reporters(server, site)[0]
        head, body = writer.request("The last one", Expect="100-continue")
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as client:
            client.sendall(head)
            assert client.recv(1_000).startswith(b"HTTP/1.1 100 ")
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            client.sendall(body)
            assert client.recv(12) == b"HTTP/1.1 303"
        assert server.process.wait(PATIENCE) == 0

    assert messages() == ["The last one"]


@pytest.mark.one_database("who holds the socket has nothing to do with the database")
def test_a_new_version_takes_over_without_a_failed_request(
    app: Flask, site: Site, database: Database
) -> None:
    with serving(database) as server:
        writers = reporters(server, site)
        with writing(writers), reading(server.port) as read:
            let_write(writers)
            old = server.web_processes()
            server.process.send_signal(signal.SIGUSR2)
            wait_until(lambda: has_successor(server, old), server.process)
            let_write(writers)
            assert server.stop() == 0
            let_write(writers)

    assert nothing_failed(writers, read)


@pytest.mark.one_database("who holds the socket has nothing to do with the database")
def test_a_restart_with_the_socket_held_by_systemd_keeps_visitors_waiting_but_fails_none(
    app: Flask, site: Site, database: Database
) -> None:
    with listening() as (held, port), running(by_systemd(database, held, port)) as server:
        writers = reporters(server, site)
        with writing(writers), reading(port) as read:
            let_write(writers)
            assert server.stop() == 0
            server.start()
            let_write(writers)

    assert nothing_failed(writers, read)


def has_successor(server: Server, old: list[int]) -> bool:
    """Say whether a new server with web processes of its own stands beside the old one's."""
    new = [process for process in children(server.process.pid) if process not in old]
    return any(len(children(process)) == len(old) for process in new)


def nothing_failed(writers: list[Reporter], read: list[int | str]) -> bool:
    """Check that every request was answered, and every message is there once."""
    told = [message for writer in writers for message in writer.acknowledged]
    assert [(writer.failures, writer.refused) for writer in writers] == [([], [])] * len(writers)
    assert len(read) > 0
    assert set(read) == {200}
    return sorted(messages()) == sorted(told)


@contextmanager
def reading(port: int) -> Iterator[list[int | str]]:
    """Read pages over one connection, kept open as long as the server likes; yields what came of it."""
    enough, seen = Event(), list[int | str]()

    def read() -> None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            while not enough.wait(0.02):
                try:
                    connection.request("GET", "/complaints", headers={"Host": "localhost"})
                    answer = connection.getresponse()
                    answer.read()
                    seen.append(answer.status)
                except OSError as error:
                    seen.append(repr(error))

    thread = Thread(target=read)
    thread.start()
    try:
        yield seen
    finally:
        enough.set()
        thread.join()


@contextmanager
def listening() -> Iterator[tuple[socket.socket, int]]:
    """Hold a socket that listens, as systemd does for a socket unit."""
    port = free_port()
    with socket.create_server(("127.0.0.1", port), backlog=128) as held:
        yield held, port


def by_systemd(database: Database, held: socket.socket, port: int) -> Server:
    """Return a server that is started with the socket it shall use."""
    command = [sys.executable, "-c", SYSTEMD, str(held.fileno()), "-m", "cps", "run"]
    return Server(database, command, port=port, inherited=(held.fileno(),))
