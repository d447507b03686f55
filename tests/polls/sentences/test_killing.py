"""3 and 15. What was acknowledged is committed; kill -9 at any moment neither loses nor doubles a vote."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Lock, Thread

import pytest
from flask import Flask

from cps.core import clock as real_clock
from cps.core.db import db
from cps.core.keys import app_keys_dir
from cps.polls import heads, key_files, queries
from cps.polls import keys as poll_keys
from cps.polls.key_ring import web_keys
from cps.polls.models import BallotInbox, BallotSpent, Poll
from cps.polls.queries import Balance
from cps.polls.rules import PollState
from tests.faults.serving import Server, end, serving, wait_until
from tests.faults.test_killing import kill_master
from tests.polls.sentences.at_home import AtHome, is_in
from tests.polls.sentences.crowd import people, tell
from tests.support import polls
from tests.support.fixtures import Clock, Database
from tests.support.site import Site

ROUNDS = int(os.environ.get("CPS_TEST_ROUNDS", "2"))
"""How often processes are killed; `make test-long` asks for a hundred."""

BOOTHS = 3
VOTERS_A_ROUND = 12


@pytest.fixture(autouse=True)
def _real_time(clock: Clock) -> None:
    clock.set_to(datetime.now(UTC))


@dataclass
class Voting:
    """People who vote one after another, each until the server says that the vote is in."""

    waiting: list[AtHome]
    codes: list[str] = field(default_factory=list)
    """Receipt codes of the votes that the server said are in."""
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.everybody = [*self.waiting]

    def go_on(self, enough: Event) -> None:
        while not enough.is_set():
            with self._lock:
                one = self.waiting.pop() if self.waiting else None
            if one is None:
                return
            self.codes.append(one.vote(random.choice(["park", "pool", "school", "-"])))

    def is_on(self, before: int) -> bool:
        """Say whether somebody voted since there were so many votes, or nobody waits any more."""
        return len(self.codes) > before or not self.waiting

    @property
    def unanswered(self) -> int:
        return sum(len(one.failures) for one in self.everybody)

    @contextmanager
    def going(self) -> Iterator[None]:
        """Let people vote in several threads while the block lasts; whoever began is heard to the end."""
        enough = Event()
        threads = [Thread(target=self.go_on, args=[enough]) for _booth in range(BOOTHS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            enough.set()
            for thread in threads:
                thread.join()


def recorded(poll: Poll) -> list[str]:
    """Return the handle of every ballot that the database ever took."""
    db.session.rollback()
    return [
        handle
        for table in (BallotInbox, BallotSpent)
        for handle in db.session.scalars(db.select(table.handle).where(table.poll_id == poll.id))
    ]


def handles(poll: Poll, codes: list[str]) -> list[str]:
    """Return under which handles ballots with these codes lie."""
    web = web_keys(poll)
    return [poll_keys.handle(web.handle, code) for code in codes]


def test_a_vote_that_was_acknowledged_is_there_when_the_server_is_killed_at_once(
    app: Flask, site: Site, database: Database, clock: Clock
) -> None:
    poll = polls.make_poll()
    voters = [polls.make_voter() for _round in range(ROUNDS)]
    codes: list[str] = []
    with serving(database, workers=1) as server:
        for account in voters:
            if codes:
                server.start()
            one = AtHome.of(server, site, account, poll)
            checked = one.check("park")
            assert is_in(one.cast(checked))
            end(server.process)
            codes.append(checked.code)
            assert sorted(recorded(poll)) == sorted(handles(poll, codes))
            assert queries.balance(poll.id) == Balance(roll=len(codes), inbox=len(codes), box=0)

    tell(f"3. killed {len(codes)} times right after the answer: every roll row and ballot is there")


def strike(server: Server) -> None:
    """Kill, with equal chance, one that answers, the one above them, or all."""
    whom = random.choice(["one", "master", "all"])
    if whom == "one":
        os.kill(random.choice(server.web_processes()), signal.SIGKILL)
    elif whom == "master":
        kill_master(server)
        server.start()
    else:
        end(server.process)
        server.start()


def test_whatever_web_process_is_killed_every_vote_counts_once(
    app: Flask, site: Site, database: Database, clock: Clock
) -> None:
    poll = polls.make_poll()
    accounts = [polls.make_voter() for _voter in range(ROUNDS * VOTERS_A_ROUND)]
    with serving(database) as server:
        voting = Voting([AtHome.of(server, site, account, poll) for account in accounts])
        with voting.going():
            for _round in range(ROUNDS):
                before = len(voting.codes)
                wait_until(partial(voting.is_on, before))
                time.sleep(random.random() * 0.2)
                strike(server)
        with voting.going():
            wait_until(lambda: not voting.waiting)

    lost = {*handles(poll, voting.codes)} - {*recorded(poll)}
    votes = len(voting.codes)
    tell(
        f"15. web killed {ROUNDS} times: {votes} votes, {voting.unanswered} unanswered, lost: {len(lost)},"
        f" twice: {queries.balance(poll.id).roll - len(accounts)}"
    )
    assert lost == set()
    assert votes == len({*voting.codes}) == len(accounts)
    assert sorted(recorded(poll)) == sorted(handles(poll, voting.codes))
    assert queries.balance(poll.id) == Balance(roll=votes, inbox=votes, box=0)


@contextmanager
def a_worker(database: Database) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `cps worker` on the database; nothing of it is left afterwards."""
    command = [sys.executable, "-m", "cps", "worker"]
    process = subprocess.Popen(command, env=database.environment(), start_new_session=True)
    try:
        yield process
    finally:
        end(process)


def state_of(poll: Poll) -> PollState:
    db.session.rollback()
    return queries.gate(poll.id).state


def has_come_to(poll: Poll, state: PollState) -> bool:
    """Say whether a poll is in a state, or counted."""
    return state_of(poll) in {state, PollState.TALLIED}


def test_whenever_the_worker_is_killed_every_ballot_comes_into_the_ledger_once(
    app: Flask, database: Database, clock: Clock
) -> None:
    """Each round kills a worker at another moment of its way from the close to the count."""
    now = clock.now
    clock.set_to(now - timedelta(days=8))
    made = [polls.make_poll() for _round in range(ROUNDS)]
    crowds = [people(poll, 160) for poll in made]
    for one in (one for crowd in crowds for one in crowd):
        assert one.cast() == "recorded"
    with real_clock.set_to(now):
        killed = kill_workers_until_counted(database, made)

    for poll, crowd in zip(made, crowds, strict=True):
        assert sorted(recorded(poll)) == sorted(one.ballot.handle for one in crowd)
        assert queries.balance(poll.id) == Balance(roll=len(crowd), inbox=0, box=len(crowd))
        chain = [heads.parse(line.encode()) for line in queries.head_lines(poll.id)]
        public = key_files.read_web(app_keys_dir(), poll.slug).heads_public
        last = heads.check_chain(chain, public)
        assert (last.size, last.roll, last.final) == (len(crowd), len(crowd), True)
    tell(f"15. worker killed {killed} times on its way through {ROUNDS} polls of 160 votes: lost 0, twice 0")
    assert killed >= ROUNDS


def kill_workers_until_counted(database: Database, made: list[Poll]) -> int:
    """Kill each worker soon after it was seen to do something; returns how many were killed."""
    killed = 0
    for poll in made:
        with a_worker(database):
            moment = random.choice([PollState.CLOSED, PollState.TALLIED])
            wait_until(partial(has_come_to, poll, moment))
            time.sleep(random.random() * 0.05)
        killed += 1
    with a_worker(database):
        wait_until(lambda: all(state_of(poll) is PollState.TALLIED for poll in made))
    return killed
