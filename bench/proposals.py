"""`supports`: many people support the same proposal at once; then what was told is compared with what is.

The same is done with a counter in the row of the case, as a comparison: what a number that moves with each
support would cost.
"""

import itertools
import os
import secrets
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from bench.databases import KINDS, Databases
from bench.inside import application
from bench.processes import cpu_seconds
from bench.report import aligned
from cps.accounts.models import Account
from cps.cases.models import Case, Support
from cps.core import city as cities
from cps.core import clock
from cps.core.db import db, transaction
from cps.departments import services as furnishing
from cps.departments.rules import CategoryKind, TimeUnit
from cps.departments.specs import CategorySpec
from cps.proposals import queries, services
from cps.proposals.rules import Settings
from cps.proposals.services import NewProposal

SUPPORTS = 1_600
DOUBLES = 64
"""So many people press twice at once."""

AIM_MS = 5.0
RECOUNT_EVERY = 0.5
WAYS = ("rows and a mark", "and a counter in the row")

THEME = CategorySpec(
    "bench-idea",
    {"en": "Ideas"},
    "citizen-office",
    20,
    TimeUnit.WORKING_DAYS,
    kind=CategoryKind.PROPOSAL,
)

Send = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Way:
    """How one way did: CPU of a support with the database, its latency, and how many a second."""

    cpu_ms: float
    p50_ms: float
    p95_ms: float
    rate: float


@dataclass(slots=True)
class Supported:
    """What was found on one database."""

    database: str
    clients: int
    ways: dict[str, Way] = field(default_factory=dict)
    told: int = 0
    rows: int = 0
    kept: int = 0

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        table = [
            [name, f"{way.cpu_ms:.2f}", f"{way.p50_ms:.1f}", f"{way.p95_ms:.1f}", f"{way.rate:,.0f}"]
            for name, way in self.ways.items()
        ]
        cpu = self.ways[WAYS[0]].cpu_ms
        right = self.told == self.rows == self.kept
        return [
            (
                f"{self.database}: {SUPPORTS:,} people support one proposal, {self.clients} at once,"
                " while the worker counts."
            ),
            "",
            *aligned([["", "CPU ms", "p50 ms", "p95 ms", "a second"], *table]),
            "",
            (
                f"CPU of a support with the database: {cpu:.2f} ms; aim {AIM_MS:g}:"
                f" {'ok' if cpu <= AIM_MS else 'over'}."
            ),
            (
                f"Told {self.told:,}, rows {self.rows:,}, kept for lists {self.kept:,};"
                f" {DOUBLES} pressed twice at once: {'ok' if right else 'WRONG'}."
            ),
            "",
        ]

    def as_json(self) -> dict[str, Any]:
        """Return everything that was found."""
        ways = {
            name: {"cpu_ms": way.cpu_ms, "p50_ms": way.p50_ms, "p95_ms": way.p95_ms, "rate": way.rate}
            for name, way in self.ways.items()
        }
        counts = {"told": self.told, "rows": self.rows, "kept": self.kept}
        return {"supports": self.database, "clients": self.clients, "ways": ways, **counts}


def measure(on: Databases, *, cases: int, clients: int, anew: bool) -> Supported:
    """Let people support a new proposal, first as the program does it, then with a counter."""
    found = Supported(KINDS[on.kind], clients)
    with application(on, cases, anew=anew) as inside:
        people = _people(SUPPORTS)
        for name, send in zip(WAYS, (_support, _support_and_count), strict=True):
            print(f"{found.database}, {name} …", flush=True)
            case_id = _propose()
            way, told = _run(inside.app, on, case_id, people, clients, send)
            found.ways[name] = way
            if name == WAYS[0]:
                found.told, found.rows, found.kept = told, *_counts(case_id)
    return found


def _people(number: int) -> list[int]:
    at = clock.now()
    with transaction() as session:
        rows = [
            Account(email=f"{secrets.token_hex(8)}@bench.test", email_verified_at=at, created_at=at)
            for _ in range(number)
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def _propose() -> int:
    with transaction():
        author = db.session.scalars(select(Account).where(Account.email_verified_at.is_not(None)).limit(1))
        category = furnishing.save_category(THEME, by=None, at=clock.now())
        new = NewProposal(
            title="A proposal that everybody wants",
            body="It is supported by very many people at the same moment.",
            language="en",
            category=category,
            author=author.one(),
        )
        return services.propose(new, city=cities.get(), at=clock.now()).case_id


def _support(case_id: int, account_id: int) -> bool:
    with transaction():
        by = db.session.get_one(Account, account_id)
        return services.support(case_id, by=by, settings=Settings(), at=clock.now())


def _support_and_count(case_id: int, account_id: int) -> bool:
    """Do the same and move a number in the row of the case: each waits until the one before has committed."""
    with transaction():
        by = db.session.get_one(Account, account_id)
        is_new = services.support(case_id, by=by, settings=Settings(), at=clock.now())
        one_more = (
            update(Case).where(Case.id == case_id).values(support_count=Case.support_count + int(is_new))
        )
        db.session.execute(one_more.execution_options(synchronize_session=False))
        return is_new


def _run(
    app: Flask, on: Databases, case_id: int, people: Sequence[int], clients: int, send: Send
) -> tuple[Way, int]:
    """Let all support; returns how it went and how many were told that theirs counts."""
    pressed = [*people, *people[:DOUBLES]]
    shares = [pressed[start::clients] for start in range(clients)]
    done = threading.Event()

    def client(share: Sequence[int]) -> list[tuple[float, bool]]:
        told = []
        with app.app_context():
            for account_id in share:
                begun = time.perf_counter()
                counted = send(case_id, account_id)
                told.append((time.perf_counter() - begun, counted))
            db.session.remove()
        return told

    def worker() -> None:
        with app.app_context():
            while not done.wait(RECOUNT_EVERY):
                with transaction():
                    services.recount(case_id, at=clock.now())
            db.session.remove()

    counting = threading.Thread(target=worker)
    before, begun = _cpu(on), time.perf_counter()
    counting.start()
    with ThreadPoolExecutor(clients) as threads:
        told = list(itertools.chain.from_iterable(threads.map(client, shares)))
    took, used = time.perf_counter() - begun, _cpu(on) - before
    done.set()
    counting.join()
    with transaction():
        services.recount(case_id, at=clock.now())
    times = sorted(1000 * seconds for seconds, _counted in told)
    way = Way(
        1000 * used / len(pressed),
        statistics.median(times),
        times[int(len(times) * 0.95)],
        len(pressed) / took,
    )
    return way, sum(counted for _seconds, counted in told)


def _counts(case_id: int) -> tuple[int, int]:
    """Return how many rows there are, and what lists show."""
    db.session.rollback()
    rows = db.session.scalar(select(func.count()).where(Support.case_id == case_id)) or 0
    proposal = queries.of_case(case_id)
    return rows, proposal.case.support_count if proposal else -1


def _cpu(on: Databases) -> float:
    """Return the CPU seconds of this process and of the server of the database."""
    return cpu_seconds(os.getpid()) + (cpu_seconds(on.pid) if on.pid else 0.0)
