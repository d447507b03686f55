"""`alerts-match`: the worker finds who hears of a new case, among few and among very many alerts."""

import random
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select, update

from bench.databases import KINDS, Databases, Postgresql
from bench.inside import application
from bench.processes import cpu_seconds
from bench.report import aligned
from cps.accounts.models import Account
from cps.alerts.models import Alert, AlertNews
from cps.alerts.rules import RADII, Rhythm, Wish, rounded
from cps.alerts.services import match
from cps.cases.models import Case
from cps.cases.rules import CaseKind
from cps.core import clock
from cps.core.db import db, transaction
from cps.departments.models import Category
from cps.wards.models import Ward

SIZES = (1_000, 100_000)
HEARERS = 20
"""Alerts that hear of each case, at every size; all others listen elsewhere."""

CASES = 100
ROUNDS = 3
EACH = 20
"""Alerts of one account."""

FAR = 0.1, 1.0
"""Degrees by which the middles of other circles are away: 11 km to 110 km, as in a large city."""


@dataclass(slots=True)
class Matching:
    """What was found on one database: by number of alerts the CPU of a case in milliseconds, and its news."""

    database: str
    found: dict[int, tuple[float, int]] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        table = [[f"{size:,}", f"{cpu:.1f}", f"{told}"] for size, (cpu, told) in self.found.items()]
        return [
            f"{self.database}: one new case among alerts, of which {HEARERS} hear of it.",
            "",
            *aligned([["alerts", "CPU ms a case, with the database", "told"], *table]),
            "",
        ]

    def as_json(self) -> dict[str, Any]:
        """Return everything that was found."""
        return {
            "alerts_match": self.database,
            "found": [
                {"alerts": size, "cpu_ms": cpu, "told": told} for size, (cpu, told) in self.found.items()
            ],
        }


def measure(on: Databases, *, cases: int, anew: bool) -> Matching:
    """Measure on one city with each number of alerts, the fewest first."""
    found = Matching(KINDS[on.kind])
    with application(on, cases, anew=anew) as inside:
        chosen = _gather_cases()
        filled = 0
        for size in SIZES:
            print(f"{found.database}, {size:,} alerts …", flush=True)
            _fill(chosen[0], size - filled, has_hearers=filled == 0)
            filled = size
            inside.settle()
            found.found[size] = _match_all(on, chosen)
    return found


def _gather_cases() -> list[int]:
    """Put some public cases to one place, ward and category; returns them."""
    with transaction() as session:
        first = session.scalars(
            select(Case)
            .where(Case.is_listed.is_(True), Case.lat.is_not(None), Case.ward_id.is_not(None))
            .limit(1)
        ).one()
        same = {
            name: getattr(first, name)
            for name in ("lat", "lon", "cell_x", "cell_y", "ward_id", "category_id")
        }
        listed = select(Case.id).where(Case.is_listed.is_(True), Case.kind == CaseKind.COMPLAINT).limit(CASES)
        keys = [*session.scalars(listed)]
        session.execute(update(Case).where(Case.id.in_(keys)).values(same))
    return keys


def _fill(case_id: int, number: int, *, has_hearers: bool) -> None:
    """Add alerts: those that hear of the case, once, and for the rest such as listen elsewhere."""
    case = db.session.get_one(Case, case_id)
    wishes = [*(_hearers(case) if has_hearers else []), *_others(case, number - HEARERS * has_hearers)]
    with transaction() as session:
        accounts = _accounts(session, len(wishes) // EACH + 1)
        at = clock.now()
        rows = [
            {
                **{name: getattr(wish, name) for name in ("key", "ward_id", "category_id", "rhythm")},
                **{name: getattr(wish, name) for name in ("problems", "proposals", "answers", "notices")},
                "scope": f"{wish.scope}/{secrets.token_hex(4)}",
                "account_id": accounts[place // EACH],
                "lat": wish.circle.lat if wish.circle else None,
                "lon": wish.circle.lon if wish.circle else None,
                "radius_m": wish.circle.radius_m if wish.circle else None,
                "created_at": at,
                "version": 1,
            }
            for place, wish in enumerate(wishes)
        ]
        session.execute(insert(Alert), rows)


def _hearers(case: Case) -> list[Wish]:
    assert case.lat is not None
    assert case.lon is not None
    kinds = (
        Wish(ward_id=case.ward_id),
        Wish(category_id=case.category_id),
        Wish(ward_id=case.ward_id, category_id=case.category_id),
        *(Wish(rounded(case.lat, case.lon, radius_m)) for radius_m in RADII),
    )
    return [kinds[number % len(kinds)] for number in range(HEARERS)]


def _others(case: Case, number: int) -> Iterator[Wish]:
    """Yield alerts that listen elsewhere: two of three around a place, the others in a ward or a category."""
    rng = random.Random(number)
    wards = db.session.scalars(select(Ward.id).where(Ward.id != case.ward_id)).all()
    categories = db.session.scalars(select(Category.id).where(Category.id != case.category_id)).all()
    for place in range(number):
        if place % 3:
            north, east = (rng.choice((-1, 1)) * rng.uniform(*FAR) for _axis in range(2))
            yield Wish(rounded((case.lat or 0) + north, (case.lon or 0) + east, rng.choice(RADII)))
        elif place % 2:
            yield Wish(ward_id=rng.choice(wards), rhythm=Rhythm.WEEKLY)
        else:
            yield Wish(category_id=rng.choice(categories))


def _accounts(session: Any, number: int) -> Sequence[int]:
    at = clock.now()
    rows = [
        {
            "email": f"{secrets.token_hex(8)}@bench.test",
            "email_verified_at": at,
            "created_at": at,
            "version": 1,
        }
        for _person in range(number)
    ]
    ids: Sequence[int] = session.scalars(insert(Account).returning(Account.id), rows).all()
    return ids


def _match_all(on: Databases, chosen: Sequence[int]) -> tuple[float, int]:
    """Match all cases several times; returns the least CPU of one, in milliseconds, and its news."""
    spent = min(_match_once(on, chosen) for _round in range(ROUNDS))
    told = db.session.scalar(select(db.func.count()).select_from(AlertNews)) or 0
    return spent / len(chosen) * 1_000, told // len(chosen)


def _match_once(on: Databases, chosen: Sequence[int]) -> float:
    """Match every case in a transaction of its own; returns the CPU seconds, with those of the database."""
    with transaction() as session:
        session.execute(delete(AlertNews))
    server = db.session.scalar(db.text("SELECT pg_backend_pid()")) if isinstance(on, Postgresql) else None
    began = time.process_time(), cpu_seconds(server) if server else 0.0
    for case_id in chosen:
        with transaction():
            match({"what": "filed", "about_id": case_id, "after": [0, 0]}, at=clock.now())
    return time.process_time() - began[0] + (cpu_seconds(server) - began[1] if server else 0.0)
