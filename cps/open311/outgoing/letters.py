"""What goes to another system: where it is, and a case as it gets it."""

from typing import Any

from cps.cases.models import Case
from cps.cases.reference import display
from cps.core import offline, sealed
from cps.open311.outgoing import queries
from cps.open311.outgoing.models import OtherSystem
from cps.open311.outgoing.rules import description, matching
from cps.open311.outgoing.services import KEY
from cps.open311.outgoing.wire import Letter, Line


def line_of(row: OtherSystem) -> Line:
    """Return where a system is, with the key that it gave us; "" where that cannot be read any more."""
    return Line(row.base_url, row.jurisdiction, row.form, sealed.kept(KEY, row.sealed_key))


def letter_of(system: OtherSystem, case: Case, photo: str | None) -> Letter:
    """Return what another system gets of a case: what everybody reads, and nothing of who reported it."""
    code = queries.service_for(system, case)
    asked: list[dict[str, Any]] = next(
        (one.get("attributes", []) for one in system.services if one["code"] == code), []
    )
    place = [("lat", f"{case.lat:.6f}"), ("long", f"{case.lon:.6f}")] if case.lat is not None else []
    address = [("address_string", case.address)] if case.address else []
    page = offline.absolute(f"/complaints/{display(case.reference)}")
    picture = [("media_url", offline.absolute(f"/photos/{photo}/large"))] if photo else []
    fields = (
        ("service_code", code),
        *place,
        *address,
        ("description", description(case.body, page)),
        *picture,
        *matching(case.answers, asked),
    )
    return Letter(case.reference, fields)
