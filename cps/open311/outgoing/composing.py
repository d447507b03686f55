"""What goes to another system: where it is, and a case as it gets it."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from cps.cases.models import Case
from cps.cases.reference import display
from cps.core import city as cities
from cps.core import offline, sealed
from cps.core.i18n import gettext_in
from cps.open311.outgoing import queries
from cps.open311.outgoing.belonging import service_for
from cps.open311.outgoing.models import OtherSystem, SentCase
from cps.open311.outgoing.rules import description, matching
from cps.open311.outgoing.services import KEY
from cps.open311.outgoing.wire import Endpoint, ServiceRequest


def endpoint_of(row: OtherSystem) -> Endpoint:
    """Return where a system is, with the key that it gave us; "" where that cannot be read any more."""
    return Endpoint(row.base_url, row.jurisdiction, row.form, sealed.kept(KEY, row.sealed_key))


def service_request_of(row: SentCase, case: Case, photo: str | None, *, at: datetime) -> ServiceRequest:
    """Return what another system gets of a case: what everybody reads, and nothing of who reported it."""
    system = row.system
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
        ("description", description(_again(row, case, at) + case.body, page)),
        *picture,
        *matching(case.answers, asked),
    )
    return ServiceRequest(case.reference, _key(row, case), fields, row.number)


def _key(row: SentCase, case: Case) -> str:
    """Return by what the other side tells a repetition; what was done there is sent again as a new one."""
    if not row.number:
        return case.reference
    return f"{case.reference}-{sha256(row.number.encode()).hexdigest()[:16]}"


def _again(row: SentCase, case: Case, at: datetime) -> str:
    """Return what stands above the words of a case that was done there and is sent again."""
    if not row.number:
        return ""
    language = cities.get().default_language
    opened = queries.opened_again(case.id, at=at)
    back = queries.sent_back(case.id, since=row.changed_at or row.asked_at)
    why = max((one for one in (opened, back) if one is not None), key=lambda one: one.id, default=None)
    told = gettext_in(language, "It is not fixed. Your number %(number)s was closed; the case is open again.")
    if back is not None and why is back:
        told = gettext_in(
            language, "It is not done. Your number %(number)s was closed; the city has looked at it."
        )
    words = why.message if why is not None and not why.hidden_because else ""
    return "".join(f"{one}\n\n" for one in (told % {"number": row.number}, words) if one)
