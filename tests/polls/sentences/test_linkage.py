"""7. Without the keys no join of any copies links voters to ballots better than chance within a batch."""

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from sqlalchemy import text

from cps.core import clock as real_clock
from cps.core.db import db, transaction
from cps.core.keys import app_keys_dir
from cps.polls import ballot, key_files, queries
from cps.polls import keys as poll_keys
from cps.polls.key_ring import specification_of, web_keys, worker_keys
from cps.polls.models import LiveCount, Poll
from cps.polls.rules import BATCH_SIZE, BATCH_WAITS_FOR, Lines, ResultsWhen
from cps.polls.services import counting, course, ledger, publishing
from cps.polls.services.casting import SealedBallot
from cps.polls.services.ledger import Batch
from cps.polls.tree import leaf_hash
from tests.polls.sentences import attacker, copies
from tests.polls.sentences.copies import Copy
from tests.polls.sentences.crowd import CHOICES, Ready, ready, tell
from tests.support import factories, polls
from tests.support.fixtures import Clock, Database

VOTERS = 2 * BATCH_SIZE + 60
FEW = BATCH_WAITS_FOR + 10

Seal = Callable[[Poll, Ready], Ready]
Take = Callable[[Poll, Sequence[str]], object]


@dataclass
class Election:
    """A poll that ran from the first vote to the last head, all copies of it, and what really happened."""

    poll: Poll
    copies: list[Copy]
    leaf_of: dict[str, str]
    """By handle."""
    choice_of: dict[str, str]
    """By handle, and by leaf."""

    @property
    def handles(self) -> dict[str, str]:
        """By tag what the attacker found out from the moments of the copies."""
        return attacker.handles_of_voters(self.copies)

    def hits(self, guess: attacker.Guess) -> tuple[int, int]:
        """Return how many ballots, and how many choices, a guess names rightly."""
        ballots = sum(self.leaf_of[handle] == leaf for handle, leaf in guess.items())
        same = sum(self.choice_of[handle] == self.choice_of[leaf] for handle, leaf in guess.items())
        return ballots, same

    def chosen(self, guess: dict[str, str]) -> int:
        """Return how many choices a guess names rightly that names no ballots."""
        return sum(self.choice_of[handle] == choice for handle, choice in guess.items())

    def chance(self) -> tuple[float, float]:
        """Return with which chance somebody hits ballot and choice who only knows the batch."""
        ballots = choices = 0.0
        for batch in attacker.batches(self.copies):
            each = Counter(self.choice_of[handle] for handle in batch.handles)
            ballots += 1
            choices += sum(number**2 for number in each.values()) / len(batch.handles)
        return ballots / len(self.leaf_of), choices / len(self.leaf_of)


def let_work(_poll: Poll, _arrived: Sequence[str]) -> None:
    """Take what is due as the program does."""
    polls.work()


def run(
    database: Database,
    clock: Clock,
    voters: int,
    *,
    seal: Seal = lambda _poll, one: one,
    take: Take = let_work,
    results: ResultsWhen = ResultsWhen.AFTER,
) -> Election:
    """Let people vote one after another while somebody copies the database after each of them."""
    poll = polls.make_poll(lines=Lines.FULL, results=results)
    seen, arrived = [copies.take(database)], list[str]()
    choice_of: dict[str, str] = {}
    for number in range(1, voters + 1):
        one = seal(poll, ready(poll, secrets.choice(CHOICES)))
        assert one.cast() == "recorded"
        arrived.append(one.ballot.handle)
        choice_of[one.ballot.handle] = " ".join(one.choice)
        seen.append(copies.take(database, with_files=False))
        if number >= BATCH_WAITS_FOR and number % 50 == 0:
            clock.move(minutes=1)
            take(poll, arrived)
            seen.append(copies.take(database))
    clock.move(days=8)
    take(poll, arrived)
    seen.append(copies.take(database))
    return whole(poll, seen, choice_of)


def whole(poll: Poll, seen: list[Copy], choice_of: dict[str, str]) -> Election:
    """Add what only the worker's key can tell: which leaf a ballot became."""
    poll = queries.get_poll(poll.slug)
    frozen, web = specification_of(poll), web_keys(poll)
    leaf_of = {}
    for line in counting.lines(poll, worker_keys(poll)):
        read = ballot.parse_line(line, frozen)
        handle, leaf = poll_keys.handle(web.handle, read.code), leaf_hash(line).hex()
        leaf_of[handle] = leaf
        choice_of[leaf] = " ".join(read.choice)
    db.session.rollback()
    return Election(poll, seen, leaf_of, choice_of)


@pytest.mark.parametrize("results", ResultsWhen)
def test_no_join_of_copies_links_voters_to_ballots_better_than_chance(
    app: Flask, database: Database, clock: Clock, results: ResultsWhen
) -> None:
    """Live counts tell what a batch chose together, to everybody; not who of it chose what."""
    election = run(database, clock, VOTERS, results=results)
    chance_of_ballot, chance_of_choice = election.chance()
    most_ballots = attacker.bound(VOTERS, chance_of_ballot)
    most_choices = attacker.bound(VOTERS, chance_of_choice)

    tried = {name: election.hits(guess) for name, guess in attacker.guesses(election.copies)}
    counted = {name: election.chosen(guess) for name, guess in attacker.guesses_of_choices(election.copies)}
    read = attacker.read_choices(election.copies, election.handles)

    found = [len(batch.handles) for batch in attacker.batches(election.copies)]
    tell(
        f"7. {results}: {VOTERS} voters, batches {found}, {len(election.copies)} copies,"
        f" {len(tried)} joins and {len(counted)} by counts:"
        f" at best {max(hits for hits, _ in tried.values())} ballots"
        f" (chance {chance_of_ballot * VOTERS:.0f}, bound {most_ballots}) and"
        f" {max((*counted.values(), *(hits for _, hits in tried.values())))} choices"
        f" (chance {chance_of_choice * VOTERS:.0f}, bound {most_choices})"
    )
    assert len(election.leaf_of) == VOTERS
    assert found == [BATCH_SIZE, BATCH_SIZE, VOTERS - 2 * BATCH_SIZE]
    assert len(tried) > 30
    assert {name for name, (hits, _same) in tried.items() if hits >= most_ballots} == set()
    assert {name for name, (_hits, same) in tried.items() if same >= most_choices} == set()
    assert (len(counted) > 10) == (results is ResultsWhen.LIVE)
    assert {name for name, hits in counted.items() if hits >= most_choices} == set()
    assert read == {}


def unsealed(poll: Poll, one: Ready) -> Ready:
    """Put the line into the ballot as it is."""
    line = ballot.line(one.choice, one.code, ballot.new_salt())
    return Ready(
        one.poll_id,
        one.voter,
        SealedBallot(one.ballot.handle, ballot.pad(line, ballot.body_size(specification_of(poll)))),
        one.choice,
        one.code,
    )


def test_control_where_ballots_are_not_sealed_the_same_attacker_reads_what_each_voter_chose(
    app: Flask, database: Database, clock: Clock
) -> None:
    poll = polls.make_poll()
    seen, chose = [copies.take(database, with_files=False)], {}
    for choice in CHOICES[:3] * 20:
        one = unsealed(poll, ready(poll, choice))
        one.cast()
        chose[one.voter.tag] = choice[0].encode()
        seen.append(copies.take(database, with_files=False))

    read = attacker.read_choices(seen, attacker.handles_of_voters(seen))

    right = sum(read.get(tag) == choice for tag, choice in chose.items())
    tell(f"7. control, not sealed: {right} of {len(chose)} choices read")
    assert right >= 0.95 * len(chose)


def test_control_where_each_vote_is_counted_at_once_the_same_attacker_reads_what_each_voter_chose(
    app: Flask, database: Database, clock: Clock
) -> None:
    poll = polls.make_poll(results=ResultsWhen.LIVE)
    seen, chose = [copies.take(database, with_files=False)], {}
    counts = Counter(dict.fromkeys(("park", "pool", "school"), 0))
    for choice in CHOICES[:3] * 20:
        one = ready(poll, choice)
        one.cast()
        counts.update(choice)
        chose[one.ballot.handle] = " ".join(choice)
        with transaction() as session:
            session.execute(db.update(LiveCount).values(counts={**counts}, size=counts.total()))
        seen.append(copies.take(database, with_files=False))

    best = max(
        sum(chose[handle] == choice for handle, choice in guess.items())
        for _name, guess in attacker.guesses_of_choices(seen)
    )

    tell(f"7. control, each vote counted at once: {best} of {len(chose)} choices read")
    assert best >= 0.95 * len(chose)


def take_with(change: Callable[[Batch, Sequence[str], dict[str, bytes]], Batch]) -> Take:
    """Take batches as the program does, but for one thing that is done otherwise."""

    def take(poll: Poll, arrived: Sequence[str]) -> None:
        poll = queries.get_poll(poll.slug)
        waiting = dict(queries.waiting_ballots(poll.id, most=BATCH_SIZE))
        if not waiting:
            return
        with transaction():
            course.close_if_over(poll.id)
        poll, keys = queries.get_poll(poll.slug), worker_keys(poll)
        batch = change(ledger.next_batch(poll, keys), arrived, waiting)
        with transaction():
            ledger.take(batch, keys, at=real_clock.now())

    return take


def in_order_of_arrival(batch: Batch, arrived: Sequence[str], _waiting: dict[str, bytes]) -> Batch:
    moved = sorted(batch.moved, key=lambda one: arrived.index(one.handle))
    return replace(batch, moved=moved)


def sealed_once(batch: Batch, _arrived: Sequence[str], waiting: dict[str, bytes]) -> Batch:
    moved = [ledger.Moved(one.leaf, one.handle, waiting[one.handle]) for one in batch.moved]
    return replace(batch, moved=moved)


def with_row_numbers() -> None:
    """Give the box row numbers on SQLite; on PostgreSQL rows have a place anyway."""
    if db.engine.dialect.name == "sqlite":
        with transaction() as session:
            session.execute(text("CREATE TABLE loose AS SELECT * FROM ballot_box"))
            session.execute(text("DROP TABLE ballot_box"))
            session.execute(text("ALTER TABLE loose RENAME TO ballot_box"))


@pytest.mark.parametrize(
    ("change", "how"),
    [(in_order_of_arrival, "arrival and ballot_box by"), (sealed_once, "same bytes of bodies")],
)
def test_control_where_a_defence_is_gone_the_same_attacker_links_voters(
    app: Flask,
    database: Database,
    clock: Clock,
    change: Callable[[Batch, Sequence[str], dict[str, bytes]], Batch],
    how: str,
) -> None:
    with_row_numbers()

    election = run(database, clock, FEW, take=take_with(change))

    tried = {name: election.hits(guess)[0] for name, guess in attacker.guesses(election.copies)}
    best = max(hits for name, hits in tried.items() if name.startswith(how))
    linked = len(election.leaf_of)
    tell(f"7. control, {change.__name__}: {best} of {linked} ballots linked ({how} …)")
    assert best >= 0.95 * linked
    assert linked >= BATCH_SIZE


def test_after_the_end_of_the_keys_no_copy_has_them(app: Flask, database: Database, clock: Clock) -> None:
    poll, by = polls.make_published("", ["park"], ["pool"]), factories.make_administrator()
    web, worker = web_keys(poll), worker_keys(poll)
    keys = {"roll": web.roll, "handle": web.handle, "seal": worker.seal_private}
    wanted = {name: copies.forms_of(key) for name, key in keys.items()}
    wanted["the address"] = [poll.slug.encode()]
    clock.set_to(poll.objections_until or clock.now)
    clock.move(days=2)
    with transaction():
        publishing.finalise(queries.lock_poll(poll.slug), by=by, at=clock.now)
    polls.work()

    kept = [path.read_bytes() for path in app_keys_dir().rglob("*") if path.is_file()]
    found = Counter(
        what
        for content in (*copies.raw(database), *kept)
        for what, forms in wanted.items()
        if any(form in content for form in forms)
    )

    assert key_files.was_destroyed(app_keys_dir(), poll.slug)
    assert [*found] == ["the address"]
