"""`callers`: how long it takes until an agent sees who calls, among a million contacts."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bench.databases import KINDS, Databases
from bench.inside import application, median_and_p95
from bench.report import aligned
from cps.cases.rules import Channel
from cps.contact import queries
from cps.contact.models import Caller, CallerName, Contact
from cps.contact.rules import Ending, terms_of_name
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.many import insert_rows, reserve_ids

CONTACTS = 1_000_000
CALLERS = 250_000
AT_ONCE = 25_000
TIMES = 400
SEED = 1
PROMISED_MS = 50.0

FIRST = ("Minjun", "Seoyeon", "Rosa", "Oskar", "Ayu", "Thanh", "Jun", "Hana", "Pedro", "Ines", "Sora", "Kim")
LAST = ("Kim", "Lee", "Park", "Marsh", "Quayle", "Harbour", "Fields", "Kiln", "Orchard", "Lantern", "Mill")


@dataclass(slots=True)
class Searching:
    """What was found on one database: by search, the median and the slowest twentieth in milliseconds."""

    database: str
    found: dict[str, tuple[float, float]] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        table = [[name, f"{half:.2f}", f"{most:.2f}"] for name, (half, most) in self.found.items()]
        return [
            f"{self.database}: {CONTACTS:,} contacts of {CALLERS:,} callers; promised: {PROMISED_MS:.0f} ms.",
            "",
            *aligned([["search", "median ms", "p95 ms"], *table]),
            "",
        ]

    def as_json(self) -> dict[str, Any]:
        """Return everything that was found."""
        return {
            "callers": self.database,
            "found": [
                {"search": name, "median_ms": half, "p95_ms": most}
                for name, (half, most) in self.found.items()
            ],
        }


def measure(on: Databases, *, cases: int, anew: bool) -> Searching:
    """Fill a city with contacts, and look for callers by number and by name, some hundred times each."""
    found = Searching(KINDS[on.kind])
    with application(on, cases, anew=anew) as inside:
        _fill(found.database)
        inside.settle()
        _search(found)
    return found


def _fill(database: str) -> None:
    """Add callers and contacts; the city is a copy, which nobody keeps."""
    chance = random.Random(SEED)
    for start in range(0, CALLERS, AT_ONCE):
        print(f"{database}, {start:,} callers …", flush=True)
        with transaction():
            _add_callers(start, chance)
    keys = list(db.session.scalars(db.select(Caller.id)))
    for _start in range(0, CONTACTS, AT_ONCE):
        with transaction():
            insert_rows(Contact, list(_contacts(keys, chance)))


def _add_callers(start: int, chance: random.Random) -> None:
    at, keys = clock.now(), reserve_ids(Caller, AT_ONCE)
    names = [f"{chance.choice(FIRST)} {chance.choice(LAST)} {place}" for place in range(AT_ONCE)]
    insert_rows(
        Caller,
        [
            {"id": key, "phone": phone_of(start + place), "name": name, "language": "en",
             "first_at": at, "last_at": at, "version": 1}
            for place, (key, name) in enumerate(zip(keys, names, strict=True))
        ],
    )  # fmt: skip
    terms = [
        {"term": term, "caller_id": key}
        for key, name in zip(keys, names, strict=True)
        for term in terms_of_name(name)
    ]
    insert_rows(CallerName, terms)


def phone_of(number: int) -> str:
    """Return the phone number of the n-th caller."""
    return f"+8210{number:08d}"


def _contacts(keys: list[int], chance: random.Random) -> Iterator[dict[str, Any]]:
    now = clock.now()
    for _place in range(AT_ONCE):
        at = now - timedelta(minutes=chance.randrange(500_000))
        yield {
            "caller_id": chance.choice(keys), "channel": Channel.PHONE, "language": "en", "call_ref": "",
            "matter": 1, "received_at": at, "entered_at": at, "late_reason": "", "ending": Ending.ANSWERED,
            "note": "",
        }  # fmt: skip


def _search(found: Searching) -> None:
    """Time each search, with all that the page of a caller reads."""
    chance = random.Random(SEED + 1)
    searches: dict[str, Callable[[], object]] = {
        "a number, with cases and contacts": lambda: _by_number(phone_of(chance.randrange(CALLERS))),
        "a number that nobody knows": lambda: _by_number(phone_of(CALLERS + chance.randrange(CALLERS))),
        "the beginning of a name": lambda: queries.callers_called(chance.choice((*FIRST, *LAST))),
        "a whole name": lambda: queries.callers_called(
            f"{chance.choice(FIRST)} {chance.choice(LAST)} {chance.randrange(AT_ONCE)}"
        ),
    }
    for name, look in searches.items():
        found.found[name] = _timed(look)


def _by_number(phone: str) -> object:
    caller = queries.caller_by_phone(phone)
    cases = queries.cases_of(caller.id if caller else None, phone, None)
    return cases, queries.contacts_of(caller.id) if caller else []


def _timed(look: Callable[[], object]) -> tuple[float, float]:
    """Return the median and the slowest twentieth of some hundred times, in milliseconds."""
    took = []
    for _time in range(TIMES):
        begun = time.perf_counter()
        look()
        db.session.rollback()
        took.append((time.perf_counter() - begun) * 1_000)
    return median_and_p95(took)
