"""Many voters at once, in threads that each have a connection of their own; and somebody who watches."""

import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import TypeVar

from flask import Flask

from cps.core.db import db, transaction
from cps.polls import queries
from cps.polls.models import Poll
from cps.polls.queries import Balance
from cps.polls.services import casting
from cps.polls.services.casting import SealedBallot, Voter, VoteRefused
from tests.support import polls

Result = TypeVar("Result")

THREADS = 8
CHOICES: tuple[tuple[str, ...], ...] = (("park",), ("pool",), ("school",), ())


@dataclass(frozen=True)
class Ready:
    """Somebody with a sealed ballot, about to cast it."""

    poll_id: int
    voter: Voter
    ballot: SealedBallot
    choice: tuple[str, ...]
    code: str

    def cast(self) -> str:
        """Cast the ballot in a transaction of its own; returns what became of it."""
        try:
            with transaction():
                return casting.cast(self.poll_id, self.ballot, self.voter).value
        except VoteRefused as refused:
            return refused.reason.value


def ready(poll: Poll, choice: Iterable[str] = ("park",), voter: Voter | None = None) -> Ready:
    """Make somebody ready to vote; without `voter` somebody new."""
    prepared = polls.prepare(poll, choice)
    voter = voter or Voter(secrets.token_hex(32), "-|-")
    return Ready(poll.id, voter, prepared.ballot, prepared.choice, prepared.code)


def people(poll: Poll, number: int) -> list[Ready]:
    """Make so many people ready, who choose everything there is in turn."""
    return [ready(poll, CHOICES[one % len(CHOICES)]) for one in range(number)]


def together(app: Flask, acts: Sequence[Callable[[], Result]], threads: int = THREADS) -> list[Result]:
    """Do these acts in threads; returns what each returned."""

    def one(act: Callable[[], Result]) -> Result:
        with app.app_context():
            return act()

    db.session.rollback()
    with ThreadPoolExecutor(threads) as pool:
        results = list(pool.map(one, acts))
    db.session.rollback()  # what the others changed is read anew
    return results


@contextmanager
def meanwhile(app: Flask, act: Callable[[], object]) -> Iterator[None]:
    """Do an act again and again in a thread of its own, for as long as the block lasts."""
    enough = Event()

    def again() -> None:
        with app.app_context():
            while not enough.is_set():
                act()
                db.session.rollback()

    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(again)
        try:
            yield
        finally:
            enough.set()
            going.result()


@contextmanager
def watched(app: Flask, poll_id: int) -> Iterator[list[Balance]]:
    """Look at roll, inbox and box from another connection all the time; gives what is seen."""
    seen: list[Balance] = []

    def look() -> None:
        seen.append(queries.balance(poll_id))
        time.sleep(0.002)

    with meanwhile(app, look):
        yield seen


def tell(words: str) -> None:
    """Print figures where they are asked for with `-s`."""
    sys.stdout.write(f"\n    {words}\n")
