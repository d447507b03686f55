"""The rows of imported cases: written by the thousand, with the story that the earlier system told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from cps.cases import reference as references
from cps.cases.importing.mapping import CaseMapping
from cps.cases.importing.preparing import Prepared
from cps.cases.models import PROMISED_THERE, Case, CaseContact, CaseEvent, CaseOriginal, EventOriginal
from cps.cases.queries import imports as queries
from cps.cases.rules import Audience, CaseKind, EventKind, Status
from cps.cases.services.filing import CELL_ZOOM
from cps.core import city as cities
from cps.core.db import db
from cps.core.keys import app_key
from cps.core.many import insert_rows, reserve_ids
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.departments.rules import TimeUnit
from cps.departments.services import due_at
from cps.wards import geometry
from cps.wards import queries as wards


@dataclass(frozen=True, slots=True)
class Sorted:
    """The cases of a chunk by what is to be done; those to close with the id they have here."""

    new: list[Prepared]
    to_close: list[tuple[int, Prepared]]
    same: int


def sort(source: str, chunk: Sequence[Prepared]) -> Sorted:
    """Tell which cases of a source are new here, and which are to be closed."""
    there = queries.imported(source, [case.row.external_id for case in chunk])
    to_close = [
        (there[case.row.external_id].id, case)
        for case in chunk
        if case.row.closed_at and case.row.external_id in there and there[case.row.external_id].is_waiting
    ]
    new = [case for case in chunk if case.row.external_id not in there]
    return Sorted(new, to_close, len(chunk) - len(new) - len(to_close))


class Writer:
    """Writes chunks of cases; ids of what they name are looked up once."""

    def __init__(self, mapping: CaseMapping, at: datetime) -> None:
        catalogue = departments.catalogue()
        self.mapping = mapping
        self.at = at
        self.departments = {one.code: one.id for one in catalogue.departments.values()}
        self.categories = {one.code: one for one in catalogue.categories.values()}
        self.wards = {ward.code: ward.id for ward in wards.all_by_code().values()}
        self.calendar = departments.city_calendar(cities.get().zone)
        self.link_key, self.pin_key = app_key("case-link"), app_key("case-pin")

    def write(self, found: Sorted) -> None:
        """Write the new cases of a chunk, then the closings of those that are there."""
        case_ids = reserve_ids(Case, len(found.new))
        named = _references(found.new, self.mapping)
        new = list(zip(case_ids, named, found.new, strict=True))
        insert_rows(Case, [self._case(*one) for one in new])
        insert_rows(CaseContact, [self._contact(case_id, reference) for case_id, reference, _ in new])
        insert_rows(
            CaseOriginal,
            [{"case_id": case_id, "texts": dict(case.said)} for case_id, _, case in new if case.said],
        )
        self._close([(case_id, case) for case_id, case in found.to_close])
        endings = [(case_id, case) for case_id, _, case in new if case.row.closed_at]
        self._tell([self._filed(case_id, case) for case_id, _, case in new], [*endings, *found.to_close])

    def _case(self, case_id: int, reference: str, case: Prepared) -> dict[str, Any]:
        row, category = case.row, self.categories[case.row.category]
        cell: tuple[int | None, int | None] = (None, None)
        if row.lat is not None and row.lon is not None:
            cell = geometry.grid_cell(row.lat, row.lon, CELL_ZOOM)
        return {
            "id": case_id,
            "reference": reference,
            "kind": CaseKind.COMPLAINT,
            "status": row.status,
            "outcome": row.outcome,
            "priority": row.priority,
            "title": row.title,
            "body": row.body,
            "language": row.language,
            "answers": {},
            "category_id": category.id,
            "department_id": self.departments[row.department],
            "lat": row.lat,
            "lon": row.lon,
            "cell_x": cell[0],
            "cell_y": cell[1],
            "ward_id": self.wards[row.ward] if row.ward else None,
            "address": row.address,
            "source": self.mapping.source,
            "external_id": row.external_id,
            "channel": row.channel,
            "received_at": row.received_at,
            "entered_at": self.at,
            **self._clock(case, category),
            "closed_at": row.closed_at,
            "updated_at": self.at,
            "is_private": self.mapping.is_private or category.is_integrity,
            "is_integrity": category.is_integrity,
            "search_text": f"{case.words} {reference}".strip(),
            "version": queries.FIRST_VERSION,
        }

    def _clock(self, case: Prepared, category: KnownCategory) -> dict[str, Any]:
        """Return the columns of the clock: our own begins when an open case comes here.

        Where its date has passed by then, the city promises anew: nobody here was late with it so far.
        """
        due = case.due_at
        if case.row.closed_at is None and due < self.at:
            due = due_at(category, self.at, self.calendar.now)
        return {
            "promised_at": due,
            "due_at": due,
            "clock_started_at": self.at if case.row.closed_at is None else None,
            "alarm_at": self.at if case.row.closed_at is None else None,
            "answered_at": case.row.closed_at,
            "runs_all_hours": category.service_time_unit is TimeUnit.HOURS,
            "suspensions_seen": self.calendar.newest,
        }

    def _contact(self, case_id: int, reference: str) -> dict[str, Any]:
        """Return the row that every case has: keys that nobody was told, and nobody to write to."""
        return {
            "case_id": case_id,
            "secret_hash": references.hash_secret(references.secret_for(reference, key=self.link_key)),
            "pin_hash": references.hash_pin(references.new_pin(), reference=reference, key=self.pin_key),
        }

    def _filed(self, case_id: int, case: Prepared) -> dict[str, Any]:
        """Return the first event of a case; of one that came too late, with what had been promised."""
        is_late = case.row.closed_at is None and case.due_at < self.at
        data = {PROMISED_THERE: case.due_at.isoformat()} if is_late else {}
        return {**_event(case_id, EventKind.FILED, case.row.received_at), "data": data}

    def _close(self, found: Sequence[tuple[int, Prepared]]) -> None:
        if not found:
            return
        statement = (
            update(Case)
            .where(Case.id == bindparam("case_id"))
            .values(
                status=Status.CLOSED, outcome=bindparam("how"), closed_at=bindparam("when"),
                answered_at=bindparam("when"),
                updated_at=self.at, version=Case.version + 1,
            )
        )  # fmt: skip
        db.session.connection().execute(
            statement,
            [{"case_id": case_id, "how": case.row.outcome, "when": case.row.closed_at}
             for case_id, case in found],
        )  # fmt: skip

    def _tell(self, filed: list[dict[str, Any]], endings: Sequence[tuple[int, Prepared]]) -> None:
        """Write what happened: each filing, then each ending, with what its answer said before masking."""
        insert_rows(CaseEvent, filed)
        event_ids = reserve_ids(CaseEvent, len(endings))
        told = list(zip(event_ids, endings, strict=True))
        insert_rows(CaseEvent, [_ended(event_id, *ending) for event_id, ending in told])
        insert_rows(
            EventOriginal,
            [{"event_id": event_id, "texts": {"message": case.said_answer}}
             for event_id, (_, case) in told if case.said_answer],
        )  # fmt: skip


def _references(cases: Sequence[Prepared], mapping: CaseMapping) -> list[str]:
    """Return a free reference for each, of the month in which it was received."""
    found = [""] * len(cases)
    used: set[str] = set()
    waiting = list(range(len(cases)))
    while waiting:
        for place in waiting:
            while not found[place] or found[place] in used:
                found[place] = references.new_reference(cases[place].row.received_at, mapping.zone)
            used.add(found[place])
        taken = queries.taken_references([found[place] for place in waiting])
        waiting = [place for place in waiting if found[place] in taken]
    return found


def _ended(event_id: int, case_id: int, case: Prepared) -> dict[str, Any]:
    row = case.row
    return {
        **_event(case_id, EventKind.MOVED, row.closed_at or row.received_at),
        "data": {},
        "id": event_id,
        "message": row.answer,
        "language": row.language,
        "status": Status.CLOSED,
        "outcome": row.outcome,
    }


def _event(case_id: int, kind: EventKind, at: datetime) -> dict[str, Any]:
    return {"case_id": case_id, "kind": kind, "audience": Audience.PUBLIC, "at": at, "public_from": at}
