"""2. No (poll, tag) stands on the roll twice, under threads, processes and two servers on one database."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from flask import Flask
from sqlalchemy import func, select, text

from cps.core.db import db, transaction
from cps.polls import queries
from cps.polls.models import Poll, VoterRoll
from cps.polls.queries import Balance
from tests.faults.serving import Answer, serving
from tests.polls.sentences.at_home import AtHome, Checked, is_in
from tests.polls.sentences.crowd import THREADS, Ready, people, ready, tell, together
from tests.support import polls
from tests.support.fixtures import Clock, Database
from tests.support.site import Site

VOTERS, ATTEMPTS = 25, THREADS
AT_HOME = 4


def doubled() -> int:
    """Count how many rows the roll has too many."""
    each = select(VoterRoll.poll_id, VoterRoll.tag, func.count().label("rows")).group_by(
        VoterRoll.poll_id, VoterRoll.tag
    )
    rows = each.subquery()
    return db.session.scalar(select(func.sum(rows.c.rows - 1))) or 0


def without_primary_key() -> None:
    """Take away what keeps the roll from holding somebody twice; the program stays as it is."""
    with transaction() as session:
        if db.engine.dialect.name == "postgresql":
            session.execute(text("ALTER TABLE voter_roll DROP CONSTRAINT pk_voter_roll"))
        else:
            session.execute(text("CREATE TABLE loose AS SELECT * FROM voter_roll"))
            session.execute(text("DROP TABLE voter_roll"))
            session.execute(text("ALTER TABLE loose RENAME TO voter_roll"))


def attack(app: Flask, poll: Poll, cast: Callable[[Ready], str]) -> list[Counter[str]]:
    """Let each of some voters cast several ballots at once; returns what each heard."""
    heard = []
    for first in people(poll, VOTERS):
        ballots = [first, *(ready(poll, ["pool"], first.voter) for _again in range(ATTEMPTS - 1))]
        heard.append(Counter(together(app, [partial(cast, one) for one in ballots])))
    return heard


def look_then_write(one: Ready) -> str:
    """Cast as a program would that looks first and writes then."""
    if queries.has_voted(one.poll_id, one.voter.tag):
        return "already-voted"
    time.sleep(0.01)
    return one.cast()


def test_of_many_ballots_of_one_person_at_once_one_counts(app: Flask, clock: Clock) -> None:
    poll = polls.make_poll()

    heard = attack(app, poll, Ready.cast)

    assert all(one == {"recorded": 1, "already-voted": ATTEMPTS - 1} for one in heard)
    assert doubled() == 0
    assert queries.balance(poll.id) == Balance(roll=VOTERS, inbox=VOTERS, box=0)
    tell(f"2. threads: {VOTERS} voters x {ATTEMPTS} ballots at once, doubles: {doubled()}")


def test_control_without_the_primary_key_the_same_attack_doubles_votes(app: Flask, clock: Clock) -> None:
    poll = polls.make_poll()
    without_primary_key()

    attack(app, poll, look_then_write)

    assert doubled() > 0
    tell(f"2. control, check then insert without the key: {VOTERS} x {ATTEMPTS}, doubles: {doubled()}")


def test_the_very_same_ballot_sent_by_many_threads_counts_once(app: Flask, clock: Clock) -> None:
    poll = polls.make_poll()
    one = ready(poll)

    heard = together(app, [one.cast] * ATTEMPTS)

    assert Counter(heard) == {"recorded": 1, "already-recorded": ATTEMPTS - 1}
    assert queries.balance(poll.id) == Balance(roll=1, inbox=1, box=0)


def test_two_servers_on_one_database_take_one_vote_each_and_two_without_the_primary_key(
    app: Flask, site: Site, database: Database, clock: Clock
) -> None:
    clock.set_to(datetime.now(UTC))
    poll, other = polls.make_poll(), polls.make_poll()
    accounts = [polls.make_voter() for _person in range(AT_HOME)]
    with serving(database, workers=1) as first, serving(database, workers=1) as second:

        def attack_on(target: Poll) -> tuple[list[Answer], list[Checked]]:
            """Let each cast four ballots at both servers at once."""
            heard: list[Answer] = []
            votes: list[Checked] = []
            for account in accounts:
                one = AtHome.of(first, site, account, target)
                checked = [one.check(choice) for choice in ("park", "pool", "school", "-")]
                sent = [(vote, server) for vote in checked for server in (first, second)]
                votes += checked
                heard += together(app, [partial(one.cast, *each) for each in sent])
            return heard, votes

        heard, votes = attack_on(poll)
        with_key = doubled()
        without_primary_key()
        attack_on(other)
        logs = first.log() + second.log()

    tell(f"2. two servers: {AT_HOME} voters, {len(heard)} posts, doubles: {with_key}; control: {doubled()}")
    assert {answer.status for answer in heard} == {200, 409}
    assert sum(map(is_in, heard)) >= AT_HOME
    assert with_key == 0
    assert queries.balance(poll.id) == Balance(roll=AT_HOME, inbox=AT_HOME, box=0)
    assert doubled() > 0
    assert not any(secret in logs for secret in secrets_of(votes))


def secrets_of(checked: list[Checked]) -> list[str]:
    """Return what no log may hold: codes as they are kept and as they are shown, and what carries them."""
    shown = ["-".join(one.code[at : at + 4] for at in range(0, 16, 4)) for one in checked]
    return [one.code for one in checked] + shown + [one.carried for one in checked]
