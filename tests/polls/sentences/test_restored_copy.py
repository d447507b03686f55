"""16. In a restored copy roll and ballots agree, nobody in it votes again, and open polls wait."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from cps.core import clock as real_clock
from cps.core.backup import restoring, saving
from cps.core.db import db, transaction
from cps.polls import queries
from cps.polls.models import Poll, VoterRoll
from cps.polls.queries import Balance
from cps.polls.rules import BATCH_SIZE, PollEventKind, PollState
from cps.polls.services import course
from tests.polls.live import make_live, shown, work_in_a_minute
from tests.polls.sentences.crowd import Ready, meanwhile, people, tell
from tests.support import factories, polls
from tests.support.application import cached
from tests.support.backups import Quiet, installation
from tests.support.fixtures import Clock, Database
from tests.support.site import Site

BEFORE, WHILE = 200, 300


@pytest.fixture(params=["sqlite", "postgresql"])
def to(request: pytest.FixtureRequest) -> str:
    """On which database the copy is restored."""
    return str(request.param)


@contextmanager
def restored(to: str, file: Path, run: Path, database: Database) -> Iterator[Flask]:
    """Restore a copy into an empty installation that has got its keys back."""
    with installation(to, run, file.parent / "target") as (app, there):
        shutil.copytree(database.folder / "keys", there.folder / "keys")
        restoring.restore(file, at=real_clock.now(), progress=Quiet())
        db.session.rollback()
        yield app


def visitor_of(there: Flask, to: str, file: Path) -> Site:
    """Return somebody who visits the restored installation."""
    application = cached(f"{to} target", "", file.parent)  # the one that `installation` has just made
    assert application.app is there
    return Site(application)


def on_roll(poll_id: int) -> set[str]:
    return {*db.session.scalars(db.select(VoterRoll.tag).where(VoterRoll.poll_id == poll_id))}


def heard(crowd: list[Ready]) -> set[str]:
    return {one.cast() for one in crowd}


@pytest.fixture
def poll(app: Flask, clock: Clock) -> Poll:
    """An open poll of which some ballots are in the ledger and some wait."""
    poll = polls.make_poll("park")
    for one in people(poll, BEFORE):
        one.cast()
    clock.move(minutes=1)
    polls.work()
    return queries.get_poll("park")


def test_a_copy_made_while_people_vote_is_whole_and_takes_no_vote_of_those_in_it(
    app: Flask, clock: Clock, poll: Poll, database: Database, run_folder: Path, tmp_path: Path, to: str
) -> None:
    crowd, cast = people(poll, WHILE), list[str]()
    left = iter(crowd)

    def vote() -> None:
        if one := next(left, None):
            cast.append(one.cast())

    poll_id, file = poll.id, tmp_path / "city.zip"
    db.session.rollback()
    with meanwhile(app, vote):
        while len(cast) < 20:
            db.session.rollback()
        saving.save(file, at=clock.now, progress=Quiet())
    voted = crowd[: len(cast)]

    with restored(to, file, run_folder, database):
        balance, tags = queries.balance(poll_id), on_roll(poll_id)
        inside = [one for one in voted if one.voter.tag in tags]
        while_suspended = heard(voted)
        by = factories.make_administrator()
        with transaction():
            course.resume(queries.lock_poll("park"), by=by, at=clock.now, reason="All heads are here.")
        again = heard([Ready(o.poll_id, o.voter, p.ballot, p.choice, p.code) for o, p in fresh(inside)])
        lost = heard([one for one in voted if one.voter.tag not in tags])
        after = queries.balance(poll_id)

    tell(
        f"16. copy to {to} while voting: {balance.roll} on the roll, {len(inside)} of {len(voted)} cast"
        f" meanwhile; voted twice: {after.roll - BEFORE - len(voted)}"
    )
    assert balance.roll == balance.inbox + balance.box >= BEFORE + 20
    assert balance.box == BATCH_SIZE
    assert while_suspended <= {"suspended", "already-recorded"}
    assert again == {"already-voted"}
    assert lost <= {"recorded"}
    assert after == Balance(BEFORE + len(voted), BEFORE + len(voted) - BATCH_SIZE, BATCH_SIZE)


def fresh(inside: list[Ready]) -> list[tuple[Ready, polls.Prepared]]:
    """Seal another ballot for each of these voters."""
    poll = queries.get_poll("park")
    return [(one, polls.prepare(poll, ["pool"])) for one in inside]


def test_an_open_poll_comes_back_suspended_and_says_which_head_is_its_newest(
    app: Flask, clock: Clock, poll: Poll, database: Database, run_folder: Path, tmp_path: Path, to: str
) -> None:
    file = tmp_path / "city.zip"
    saving.save(file, at=clock.now, progress=Quiet())
    for one in people(poll, 60):
        one.cast()
    clock.move(minutes=1)
    polls.work()
    published = [(head.batch_no, head.size) for head in queries.heads(poll.id)]
    poll_id = poll.id

    with restored(to, file, run_folder, database) as there:
        event = queries.events(poll_id)[-1]
        kind, told = event.kind, dict(event.data)
        state = queries.get_poll("park").state
        kept = [(head.batch_no, head.size) for head in queries.heads(poll_id)]
        page = visitor_of(there, to, file).get("/polls/park")

    assert state is PollState.SUSPENDED
    assert published == [*kept, (2, 2 * BATCH_SIZE)]
    assert kind is PollEventKind.SUSPENDED
    assert (told["batch"], told["size"], told["roll"]) == (1, BATCH_SIZE, BEFORE)
    assert page.has("The city’s server was restored from a copy. The newest signed head in it is batch 1")


def test_counts_of_a_live_poll_end_in_the_copy_that_was_restored(
    app: Flask, clock: Clock, database: Database, run_folder: Path, tmp_path: Path, to: str
) -> None:
    """The server that was lost may have shown a batch that differs by one ballot from the one taken anew."""
    poll, file = make_live("live", votes=BEFORE), tmp_path / "city.zip"
    work_in_a_minute(clock)
    seen, poll_id = shown(poll).size, poll.id
    saving.save(file, at=clock.now, progress=Quiet())

    with restored(to, file, run_folder, database) as there:
        visitor = visitor_of(there, to, file)
        at_once = visitor.get("/polls/live/results")
        by = factories.make_administrator()
        with transaction():
            course.resume(queries.lock_poll("live"), by=by, at=clock.now, reason="All heads are here.")
        for one in people(queries.get_poll("live"), BATCH_SIZE):
            one.cast()
        work_in_a_minute(clock)
        sizes = [head.size for head in queries.heads(poll_id)]
        later = visitor.get("/polls/live/results")
        files = [visitor.get(f"/polls/live/results.{kind}").status for kind in ("json", "csv")]

    assert seen == BATCH_SIZE
    assert sizes == [0, BATCH_SIZE, 2 * BATCH_SIZE]
    assert at_once.has("No counts are shown any more")
    assert later.has("No counts are shown any more")
    assert files == [404, 404]


@pytest.mark.parametrize("decision", [PollState.OPEN, PollState.VOID])
def test_an_administrator_resumes_or_voids_it(
    app: Flask,
    clock: Clock,
    poll: Poll,
    database: Database,
    run_folder: Path,
    tmp_path: Path,
    decision: PollState,
) -> None:
    file = tmp_path / "city.zip"
    saving.save(file, at=clock.now, progress=Quiet())

    with restored(database.kind, file, run_folder, database) as there:
        by = factories.make_administrator()
        visitor = visitor_of(there, database.kind, file).sign_in(by)
        act = "resume" if decision is PollState.OPEN else "void"
        page = visitor.submit(f"/admin/polls/park/{act}", reason="Two heads are missing.")
        state = queries.get_poll("park").state
        one = people(queries.get_poll("park"), 1)[0].cast()

    assert page.status == 200
    assert state is decision
    assert one == ("recorded" if decision is PollState.OPEN else "void")
