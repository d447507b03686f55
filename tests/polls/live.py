"""Live polls for tests: filled, worked on, and what they should show, as only the worker can tell."""

from collections import Counter
from collections.abc import Iterable

from cps.core.db import transaction
from cps.polls import queries, tally
from cps.polls.key_ring import worker_keys
from cps.polls.models import Poll
from cps.polls.queries import SoFar
from cps.polls.rules import BATCH_WAITS_FOR, ResultsWhen
from cps.polls.services import counting, ledger
from tests.support import polls
from tests.support.fixtures import Clock

CHOICES: tuple[tuple[str, ...], ...] = (("park",), ("park",), ("pool",), ("park",), ("school",), ())


def make_live(slug: str = "", *, votes: int = 0, **columns: object) -> Poll:
    """Return an open live poll in which so many people voted, most of them for the park."""
    poll = polls.make_poll(slug, results=ResultsWhen.LIVE, **columns)  # type: ignore[arg-type]
    fill(poll, votes)
    return poll


def fill(poll: Poll, votes: int = BATCH_WAITS_FOR, choices: Iterable[Iterable[str]] = CHOICES) -> None:
    """Let so many more people vote, who choose these in turn."""
    known = [*choices]
    polls.vote_many(poll, *(known[number % len(known)] for number in range(votes)))


def work_in_a_minute(clock: Clock) -> None:
    """Let the worker do what is due a minute from now."""
    clock.move(minutes=1)
    polls.work()


def take(poll: Poll, clock: Clock) -> None:
    """Take a batch, however soon it comes after the one before."""
    keys = worker_keys(poll)
    batch = ledger.next_batch(queries.get_poll(poll.slug), keys)
    with transaction():
        ledger.take(batch, keys, at=clock.now)


def shown(poll: Poll) -> SoFar:
    """Return what the poll shows."""
    found = queries.so_far(poll.id)
    assert found
    return found


def in_ledger(poll: Poll) -> Counter[tuple[str, ...]]:
    """Return what the ledger holds, by choice."""
    again = queries.get_poll(poll.slug)
    return tally.collect(counting.choices(again, worker_keys(again)))
