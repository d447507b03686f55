"""`close`: polls end while many send votes; how long the close waits, and that nothing is taken after it."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask

from bench.browser import Wire, WrongAnswer
from bench.databases import KINDS, ROOT, City, Databases, city
from bench.polls import administrator, application, fill_register, open_poll, sign_in
from bench.polls_voters import Count, Voter, count, voters
from bench.sites import Site, site
from cps.core import clock
from cps.core.db import transaction
from cps.polls import queries
from cps.polls.services import course

CLOSES = 3
LEAST_LEFT, NEW_END = timedelta(seconds=6), timedelta(seconds=10)
LOAD_BEFORE, LOAD_AFTER = 1.0, 1.0
"""Seconds of load before and after the end."""
AT_ONCE = 64
MOST_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Closed:
    """One close: what it took, what was there right after it, and what is there after all the load."""

    waited: float
    """Seconds from asking for the lock to the commit."""
    after_the_end: float
    """Seconds from the announced end to the commit."""
    sent: int
    """Votes that were sent from a second before the end to a second after it."""
    ballots_then: int
    counted: Count

    @property
    def taken_after(self) -> int:
        """Return how many ballots came after the close, or are not on the roll."""
        return max(self.counted.ballots, self.counted.roll) - self.ballots_then


@dataclass(slots=True)
class Closes:
    """What was found on one database."""

    database: str
    cases: int
    clients: int
    found: list[Closed] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        waited = max(one.waited for one in self.found)
        after = max(one.after_the_end for one in self.found)
        late = sum(one.taken_after for one in self.found)
        lost = sum(one.counted.lost for one in self.found)
        sent = ", ".join(f"{one.counted.acknowledged:,} of {one.sent:,}" for one in self.found)
        fast, right = "ok" if waited < MOST_SECONDS else "over", "WRONG" if late or lost else "ok"
        clients = f"{self.clients} clients send votes"
        return [
            f"{self.database}: {len(self.found)} polls of a city of {self.cases:,} cases end: {clients}.",
            "",
            (
                f"From asking for the lock to its commit the close took at most {waited * 1000:.0f} ms;"
                f" aim under {MOST_SECONDS:g} s: {fast}."
            ),
            f"It was committed at most {after * 1000:.0f} ms after the announced end.",
            f"Taken of the votes sent within {LOAD_BEFORE:g} second before and after the end: {sent}.",
            f"Taken after the close {late}, acknowledged and lost {lost}: {right}.",
            "",
        ]

    def as_json(self) -> dict[str, Any]:
        """Return everything that was found."""
        closes = [
            {
                "waited_ms": one.waited * 1000,
                "after_the_end_ms": one.after_the_end * 1000,
                "sent": one.sent,
                "acknowledged": one.counted.acknowledged,
                "taken_after": one.taken_after,
                "lost": one.counted.lost,
            }
            for one in self.found
        ]
        return {"close": self.database, "cases": self.cases, "clients": self.clients, "closes": closes}


def measure(on: Databases, *, cases: int, people: int, clients: int, anew: bool) -> Closes:
    """Let polls end, one after another, each under load."""
    found = Closes(KINDS[on.kind], cases, clients)
    with ExitStack() as stack:
        copy = stack.enter_context(city(on, cases, anew=anew))
        app = stack.enter_context(application(copy))
        where = stack.enter_context(site(on, copy))
        for number in range(CLOSES):
            found.found.append(_close(app, copy, where, f"bench-close-{number}", people, clients))
    return found


def _close(app: Flask, copy: City, where: Site, slug: str, people: int, clients: int) -> Closed:
    cookies = sign_in(app, fill_register(people))
    at = clock.now()
    open_poll(slug, opens_at=at, closes_at=at + NEW_END)
    wire = where.wire(clients)
    everybody = voters(where, wire, slug, cookies)
    ends = _prepare(everybody, wire, slug)
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.polls_child", "close", slug],
        cwd=ROOT, env=copy.settings(), stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        acknowledged, sent = _send_around(everybody, wire, ends)
        found = json.loads(child.communicate(timeout=60)[0])
    finally:
        child.kill()
    counted = count(slug, [voter.code for voter in acknowledged])
    return Closed(found["waited_seconds"], found["after_the_end_seconds"], sent, found["ballots"], counted)


def _prepare(everybody: Sequence[Voter], wire: Wire, slug: str) -> float:
    """Bring all voters to the last button; the end waits for them. Returns the end, in Unix time."""
    ends = _later_end(slug)
    for start in range(0, len(everybody), AT_ONCE):
        if ends - clock.now() < LEAST_LEFT:
            ends = _later_end(slug)
        some = everybody[start : start + AT_ONCE]
        wire.do([voter.open for voter in some])
        wire.do([voter.check for voter in some])
    return ends.timestamp()


def _later_end(slug: str) -> datetime:
    with transaction():
        poll, at = queries.lock_poll(slug), clock.now()
        assert poll.closes_at is not None
        ends = (at + NEW_END).replace(microsecond=0)
        if ends > poll.closes_at:
            by = administrator()
            course.extend(poll, ends, by=by, at=at, reason="Voters of a measurement are on their way.")
        return poll.closes_at


def _send_around(everybody: Sequence[Voter], wire: Wire, ends: float) -> tuple[list[Voter], int]:
    """Send votes from before the end to after it; returns whose was acknowledged and how many were sent."""
    acknowledged: list[Voter] = []
    sent: list[float] = []

    def send(voter: Voter) -> None:
        if time.time() > ends + LOAD_AFTER:
            return
        sent.append(time.time())
        if voter.try_to_cast():
            acknowledged.append(voter)

    time.sleep(max(0.0, ends - LOAD_BEFORE - time.time()))
    wire.do([partial(send, voter) for voter in everybody])
    if sent[-1] < ends + LOAD_AFTER / 2:
        raise WrongAnswer("all votes were sent before the load should end; give more --votes")
    return acknowledged, len(sent)
