"""Processes of the web server are killed while people write."""

import os
import signal
import time

from flask import Flask

from cps.core import doctor
from tests.faults.serving import Server, children, end, serving, wait_until
from tests.faults.visitors import Reporter, Visitor, messages, writing
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
        with open(f"/proc/{process}/stat") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
