"""What goes to another system: where it is, and a case as it gets it."""

from typing import Any

from cps.cases.models import Case
from cps.cases.reference import display
from cps.core import offline, sealed
from cps.open311.outgoing.belonging import service_for
from cps.open311.outgoing.models import OtherSystem
from cps.open311.outgoing.rules import description, matching
from cps.open311.outgoing.services import KEY
from cps.open311.outgoing.wire import Endpoint, ServiceRequest


def endpoint_of(row: OtherSystem) -> Endpoint:
    """Return where a system is, with the key that it gave us; "" where that cannot be read any more."""
    return Endpoint(row.base_url, row.jurisdiction, row.form, sealed.kept(KEY, row.sealed_key))


def service_request_of(system: OtherSystem, case: Case, photo: str | None) -> ServiceRequest:
    """Return what another system gets of a case: what everybody reads, and nothing of who reported it."""
    code = service_for(system, case)
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
    return ServiceRequest(case.reference, fields)
