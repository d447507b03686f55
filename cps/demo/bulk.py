"""Made cases: the written complaints varied, as many as wanted, for trying how the program does with many.

Each is a written complaint with other words around it, at another place and time, with its own course. Rows
are made some thousands at a time and written with one statement a table, so memory does not grow.
"""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from cps.cases import reference as references
from cps.cases.clock_models import DueChange
from cps.cases.models import OWN_SOURCE, Case, CaseContact, CaseEvent, Follow, Support
from cps.cases.rules import CaseKind, Channel, Status
from cps.cases.services.filing import CELL_ZOOM
from cps.core.keys import app_key
from cps.core.many import insert_rows, reserve_ids
from cps.demo import course as courses
from cps.demo import queries
from cps.demo.content import load as load_content
from cps.demo.course import Course, Hands
from cps.demo.ground import address_in, place_in
from cps.demo.numbers import reference_of
from cps.demo.plan import Plan
from cps.demo.timing import filing_time, step_times
from cps.demo.variations import Base, Phrases, bases, still_open, words
from cps.demo.world import World
from cps.departments.rules import TimeUnit
from cps.wards import geometry

CHUNK: Final = 2_000
MOST_OPEN: Final = 4_000
"""A made city has about so many open cases, whatever its size: a city that answers keeps no more."""

OPEN_SHARE: Final = 0.3
"""In one of some thousand this share is open instead."""

OPEN_SHARE_OF_SMALL: Final = 0.12

YEARS: Final = timedelta(days=3 * 365)
SOME_LATE: Final = 1.15
"""Open cases are up to so many of their service times old, so about one in eight is late."""

HALF_YEAR: Final = timedelta(days=200)
SMALL: Final = 5_000
"""A city of fewer cases tells of half a year, so that each of its months has enough to be counted."""

BACKED: Final = 0.4
MOST_BACKERS: Final = 40
REPORTED_SIGNED_IN: Final = 0.6
CHANNELS: Final = (Channel.WEB,) * 16 + (Channel.PHONE,) * 3 + (Channel.COUNTER,)


def number_of(plan: Plan) -> int:
    """Return how many made cases a plan asks for, beyond the written ones."""
    return max(0, plan.cases - len(load_content().complaints))


@dataclass(slots=True)
class Rows:
    """The rows of one chunk, table by table."""

    cases: list[dict[str, Any]]
    contacts: list[dict[str, Any]]
    events: list[dict[str, Any]]
    backings: list[dict[str, Any]]
    moves: list[dict[str, Any]] = field(default_factory=list)

    def write(self) -> None:
        """Insert them in the running transaction."""
        for table, rows in (
            (Case, self.cases),
            (CaseContact, self.contacts),
            (CaseEvent, self.events),
            (Support, self.backings),
            (Follow, self.backings),
        ):
            insert_rows(table, rows)
        insert_rows(DueChange, self._moves())

    def _moves(self) -> list[dict[str, Any]]:
        """Return the moves of due dates; an extension names the event that has its reason."""
        reasons = queries.extensions_of([move["case_id"] for move in self.moves if move["days"]])
        return [
            {**move, "event_id": reasons[move["case_id"], move["at"]] if move["days"] else None}
            for move in self.moves
        ]


class Maker:
    """Makes the made cases of one city, chunk by chunk; equal worlds give equal cases."""

    def __init__(self, world: World, wanted: int) -> None:
        self.world = world
        self.wanted = wanted
        self.open_chance = self._open_chance()
        self.first_number = len(world.content.complaints)
        self.wards = list(world.content.wards.values())
        self.phrases = Phrases()
        self.resident_ids = [resident.id for resident in world.residents]
        self.hands = Hands(
            officers={
                world.departments[code].id: account.id for code, account in world.staff.officers.items()
            },
            triage=world.staff.triage.id,
            department_ids={code: department.id for code, department in world.departments.items()},
        )
        self.link_key, self.pin_key = app_key("case-link"), app_key("case-pin")
        self.agent_id = world.staff.agent.id
        self.history = YEARS if wanted >= SMALL else HALF_YEAR
        self.bases = bases(world)
        self.closed_bases = [base for base in self.bases if base.complaint.status is Status.CLOSED]

    def _open_chance(self) -> float:
        room = max(
            0, MOST_OPEN - sum(c.status is not Status.CLOSED for c in self.world.content.complaints.values())
        )
        share = OPEN_SHARE if self.wanted >= SMALL else OPEN_SHARE_OF_SMALL
        return min(room / self.wanted, share) if self.wanted else 0.0

    def make(self, made: int) -> int:
        """Make the chunk that follows the first `made` cases; returns how many it has."""
        number = min(CHUNK, self.wanted - made)
        rng = random.Random(f"made {made} {self.world.seed}")  # noqa: S311 - an invented city
        rows = Rows([], [], [], [])
        for place, case_id in enumerate(reserve_ids(Case, number)):
            self._add(rows, case_id, self.first_number + made + place, rng)
        rows.write()
        return number

    def _add(self, rows: Rows, case_id: int, number: int, rng: random.Random) -> None:
        is_open = rng.random() < self.open_chance
        base = rng.choice(self.bases if is_open else self.closed_bases)
        course = self._course(case_id, base, is_open, rng)
        reference = reference_of(number, course.received, self.world.zone, seed=self.world.seed)
        backings = self._backings(course, rng)
        rows.cases.append(self._case(base, course, reference, len(backings), rng))
        rows.contacts.append(self._contact(course, reference, rng))
        rows.events.extend(course.events)
        rows.moves.extend(course.moves)
        rows.backings.extend(backings)

    def _course(self, case_id: int, base: Base, is_open: bool, rng: random.Random) -> Course:
        world, steps = self.world, base.complaint.course
        hours = timedelta(hours=max((step.after_hours for step in steps), default=0))
        if is_open:
            steps = still_open(steps, rng)
            promised = world.days.due(base.service_time, base.unit, world.now) - world.now
            latest = world.now - promised * (rng.random() * SOME_LATE)
        else:
            latest = world.now - hours - timedelta(days=2) - self.history * rng.random() ** 1.2
        received = filing_time(latest, world.days, rng)
        steps = tuple(s for s in steps if received + timedelta(hours=s.after_hours) <= world.now)
        course = courses.begin(
            case_id,
            department_id=base.department_id,
            reporter_id=rng.choice(self.resident_ids) if rng.random() < REPORTED_SIGNED_IN else None,
            language=base.complaint.language,
            received=received,
            due=world.days.due(base.service_time, base.unit, received),
            runs_all_hours=base.unit is TimeUnit.HOURS,
        )
        times = step_times(steps, received, world.now, world.days, rng)
        courses.play(course, steps, times, self.hands, world.days)
        return course

    def _case(
        self, base: Base, course: Course, reference: str, backers: int, rng: random.Random
    ) -> dict[str, Any]:
        complaint = base.complaint
        ward = rng.choice(self.wards)
        lat, lon = place_in(ward, rng)
        cell_x, cell_y = geometry.grid_cell(lat, lon, CELL_ZOOM)
        address = address_in(ward, complaint.language, rng)
        before, after = self.phrases.around(complaint.language, rng)
        channel = rng.choice(CHANNELS)
        return {
            **course.columns,
            "id": course.case_id,
            "reference": reference,
            "kind": CaseKind.COMPLAINT,
            "priority": base.priority,
            "title": complaint.title,
            "body": f"{before}{complaint.body}{after}",
            "language": complaint.language,
            "answers": base.answers,
            "category_id": base.category_id,
            "lat": lat,
            "lon": lon,
            "cell_x": cell_x,
            "cell_y": cell_y,
            "ward_id": self.world.ward_ids[ward.code],
            "address": address,
            "source": OWN_SOURCE,
            "external_id": reference,
            "channel": channel,
            "reporter_id": course.reporter_id,
            "filed_by_id": None if channel is Channel.WEB else self.agent_id,
            "received_at": course.received,
            "entered_at": course.received,
            "joined_to_id": None,
            "is_private": False,
            "is_hidden": False,
            "is_integrity": False,
            "support_count": backers,
            "photo_count": 0,
            "search_text": f"{words(base.words, before, after, address)} {reference}",
            "version": 1,
        }

    def _contact(self, course: Course, reference: str, rng: random.Random) -> dict[str, Any]:
        secret = references.secret_for(reference, key=self.link_key)
        pin = references.new_pin(rng.randrange)
        return {
            "case_id": course.case_id,
            "name": "",
            "email": "",
            "phone": "",
            "language": course.language,
            "secret_hash": references.hash_secret(secret),
            "pin_hash": references.hash_pin(pin, reference=reference, key=self.pin_key),
            "anonymised_at": None,
        }

    def _backings(self, course: Course, rng: random.Random) -> list[dict[str, Any]]:
        """Return who backs and so follows the case: mostly nobody, now and then a whole street."""
        if rng.random() > BACKED:
            return []
        number = min(1 + int(rng.expovariate(0.4)), MOST_BACKERS, len(self.resident_ids) - 1)
        chosen = [i for i in rng.sample(self.resident_ids, number) if i != course.reporter_id]
        until = course.columns["closed_at"] or self.world.now
        length = until - course.received
        return [
            {"case_id": course.case_id, "account_id": i, "at": course.received + length * rng.random() ** 2}
            for i in chosen
        ]
