"""A poll that is over with so many sealed ballots in its inbox, put there directly: made once, kept."""

import secrets
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from random import Random

from bench.databases import KINDS, City, make_city
from bench.polls import AT_ONCE, MOST, OPTIONS, Person, application, fill_register, insert_rows, open_poll
from cps.core import clock
from cps.polls import ballot, receipt
from cps.polls import keys as poll_keys
from cps.polls.eligibility import Facts, age_on, cell_of
from cps.polls.key_ring import specification_of, web_keys
from cps.polls.models import BallotInbox, Poll, VoterRoll
from cps.polls.seal import seal
from cps.polls.services.turnouts import last_day

SLUG = "bench-ballots"
CASES, RESIDENTS = 300, 150
ELECTORATE = 1.25
"""So many people are in the register for each who votes."""
PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Sealing:
    """What a process needs to seal ballots; the key for handles is that of a poll that is only measured."""

    public: bytes
    handle: bytes
    bound: bytes
    body_size: int


def make(city: City, ballots: int) -> None:
    """Fill an empty database with a small city and a poll that ended an hour ago, with so many votes."""
    make_city(city, CASES, RESIDENTS)
    print(f"Sealing {ballots:,} ballots for {KINDS[city.kind]}; they are kept for the next time.", flush=True)
    with application(city):
        people = fill_register(int(ballots * ELECTORATE))
        now = clock.now()
        with clock.set_to(now - timedelta(days=2)):
            poll = open_poll(SLUG, opens_at=clock.now(), closes_at=now - timedelta(hours=1))
        _fill_roll(poll, people[:ballots])
        frozen, web = specification_of(poll), web_keys(poll)
        sealing = Sealing(web.seal_public, web.handle, poll.spec_sha256.encode(), ballot.body_size(frozen))
        poll_id = poll.id
        for some in _sealed(sealing, ballots):
            insert_rows(BallotInbox, [{"handle": h, "poll_id": poll_id, "body": body} for h, body in some])


def _fill_roll(poll: Poll, people: list[Person]) -> None:
    frozen, day, poll_id = specification_of(poll), last_day(specification_of(poll)), poll.id
    for start in range(0, len(people), AT_ONCE):
        rows = [
            {
                "poll_id": poll_id,
                "tag": secrets.token_hex(32),
                "cell": cell_of(Facts(one.ward, age_on(one.born_on, day)), frozen.age_bands),
                "on_paper": False,
            }
            for one in people[start : start + AT_ONCE]
        ]
        insert_rows(VoterRoll, rows)


def _sealed(sealing: Sealing, ballots: int) -> Iterator[list[tuple[str, bytes]]]:
    """Yield sealed ballots, some at a time, as processes have them ready; few wait in memory."""
    parts = [(seed, min(AT_ONCE, ballots - seed)) for seed in range(0, ballots, AT_ONCE)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        waiting: list[Future[list[tuple[str, bytes]]]] = []
        for seed, number in parts:
            waiting.append(pool.submit(seal_some, sealing, number, seed))
            if len(waiting) > 2 * PROCESSES:
                yield waiting.pop(0).result()
        for one in waiting:
            yield one.result()


def seal_some(sealing: Sealing, number: int, seed: int) -> list[tuple[str, bytes]]:
    """Return sealed ballots with their handles, in the order of handles; some are blank."""
    rng = Random(seed)
    sealed = []
    for _ in range(number):
        liked = rng.choices(OPTIONS, weights=range(1, len(OPTIONS) + 1), k=rng.randrange(MOST + 1))
        code = receipt.new_code()
        line = ballot.line(tuple(sorted({*liked})), code, ballot.new_salt())
        body = seal(sealing.public, ballot.pad(line, sealing.body_size), sealing.bound)
        sealed.append((poll_keys.handle(sealing.handle, code), body))
    return sorted(sealed)
