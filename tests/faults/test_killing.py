"""Processes of the web server are killed while people write."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from flask import Flask

from cps.core import doctor
from tests.faults.serving import Server, children, end, running, serving, wait_until
from tests.faults.visitors import Reporter, Visitor, messages, writing
from tests.support.browser import free_port
from tests.support.factories import make_complaint, make_resident
from tests.support.fixtures import Clock, Database
from tests.support.site import Site

WRITERS = 3


def reporters(server: Server, site: Site) -> list[Reporter]:
    """Return people who each have a case of their own to write about."""
    people = [make_resident() for _person in range(WRITERS)]
    return [
        Reporter(Visitor.signed_in(server, site, person), make_complaint(reporter=person))
        for person in people
    ]


def let_write(writers: list[Reporter], times: int = 2) -> None:
    """Wait until each has been told that some more messages are saved."""
    before = [len(writer.acknowledged) for writer in writers]
    wait_until(lambda: all(len(w.acknowledged) >= b + times for w, b in zip(writers, before, strict=True)))


def test_whoever_is_killed_nothing_acknowledged_is_lost_and_nothing_is_doubled(
    app: Flask, site: Site, database: Database, clock: Clock
) -> None:
    with serving(database) as server:
        writers = reporters(server, site)
        with writing(writers):
            let_write(writers)
            kill_web_processes(server)
            let_write(writers)
            kill_master(server)
            server.start()
            let_write(writers)
            end(server.process)
            server.start()
            let_write(writers)

    told = [message for writer in writers for message in writer.acknowledged]
    assert sorted(messages()) == sorted(told)
    assert any(writer.failures for writer in writers), (
        "nobody noticed anything: it was not killed while writing"
    )
    assert [f.text for f in doctor.examine(at=clock.now) if not f.is_well and f.name == "counts"] == []


@pytest.mark.one_database("who ends with whom has nothing to do with the database")
def test_server_and_worker_end_with_the_process_that_started_both(app: Flask, database: Database) -> None:
    port = free_port()
    together = [sys.executable, "-m", "cps", "run", "--with-worker", "--workers", "1"]

    with running(Server(database, together, port=port)) as server:
        started = descendants(server.process.pid)
        server.process.kill()
        server.process.wait()
        try:
            wait_until(lambda: not any(is_running(process) for process in started))
        finally:
            for process in filter(is_running, started):
                os.kill(process, signal.SIGKILL)
        server.start()

        assert len(started) == 3
        assert server.stop() == 0


def descendants(process: int) -> list[int]:
    """Return what a process has started, and what that has started, and so on."""
    own = children(process)
    return own + [further for child in own for further in descendants(child)]


def kill_web_processes(server: Server) -> None:
    """Kill those that answer; the one above makes new ones."""
    for process in server.web_processes():
        os.kill(process, signal.SIGKILL)
        time.sleep(0.2)


def kill_master(server: Server) -> None:
    """Kill the one that watches over the others; they must end by themselves and leave the port free."""
    left = children(server.process.pid)
    server.process.kill()
    server.process.wait()
    wait_until(lambda: not any(is_running(process) for process in left))


def is_running(process: int) -> bool:
    """Say whether a process is there and is no mere entry of one that has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
