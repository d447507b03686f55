"""What everybody may ask: what there is, which services, which requests. No key is needed."""

from typing import Any

from flask import current_app, g, request
from flask.typing import ResponseReturnValue

from cps.cases import queries as cases
from cps.core import clock
from cps.core.i18n import localized
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.open311 import queries
from cps.open311.asking import asked_for, reference, service_of
from cps.open311.documents import TYPES
from cps.open311.presenting import attribute, extension, offered, service
from cps.open311.presenting import request as request_record
from cps.open311.queries import Asked, Rows
from cps.open311.rules import CHANGESET, SPECIFICATION, Refused, missing
from cps.open311.views.base import addresses, answer, bp, origin, wants_extensions


@bp.get("/discovery.<code:suffix>")
@public
def discovery(suffix: str) -> ResponseReturnValue:  # noqa: ARG001 - read in base
    """Say who answers here, by which standard, and where a key is had."""
    city = localized(g.city.name)
    kind = "test" if current_app.extensions["cps_config"].is_demo else "production"
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{origin()}/open311/v2",
        "changeset": CHANGESET,
        "type": kind,
        "formats": [kind.partition(";")[0] for kind in TYPES.values()],
    }
    found = {
        "changeset": CHANGESET,
        "contact": f"{city} {g.city.phone}".strip(),
        "key_service": f"Ask {city} for a key: {origin()}/about {g.city.phone}".strip(),
        "endpoints": [endpoint],
    }
    return answer("discovery", found)


@bp.get("/services.<code:suffix>")
@public
def services(suffix: str) -> ResponseReturnValue:  # noqa: ARG001
    """Give every service in which a request can be filed."""
    if (same := cacheable("open311-services")) is not None:
        return same
    return answer("services", [service(category) for category in offered()])


@bp.get("/services/<string:service_code>.<code:suffix>")
@public
def definition(service_code: str, suffix: str) -> ResponseReturnValue:  # noqa: ARG001
    """Give the attributes of a service; one without has an empty list."""
    category = service_of(service_code)
    if (same := cacheable(f"open311-service-{category.id}")) is not None:
        return same
    attributes = [attribute(question, order) for order, question in enumerate(category.questions, 1)]
    return answer("service_definition", {"service_code": category.code, "attributes": attributes})


@bp.get("/requests.<code:suffix>")
@public
def requests(suffix: str) -> ResponseReturnValue:  # noqa: ARG001
    """Give public complaints, newest first."""
    asked, now = asked_for(request.args, g.city.zone), clock.now()
    if (same := cacheable(cases.tag_of_hour("open311", now))) is not None:
        return same
    return answer("service_requests", _records(queries.requests(asked, at=now)))


@bp.get("/requests/<string:reference>.<code:suffix>")
@public
def one(reference: str, suffix: str) -> ResponseReturnValue:  # noqa: ARG001
    """Give one public complaint, as a list of one."""
    now = clock.now()
    if (same := cacheable(cases.tag_of_hour("open311", now))) is not None:
        return same
    rows = queries.requests(Asked(references=(known(reference),)), at=now)
    if not rows:
        raise Refused(not_found(reference))
    return answer("service_requests", _records(rows))


@bp.get("/tokens/<string:reference>.<code:suffix>")
@public
def token(reference: str, suffix: str) -> ResponseReturnValue:  # noqa: ARG001
    """Give the id that belongs to a token: here ids are given at once, and an id is its own token."""
    asked = known(reference)
    if not queries.public_reference(asked):
        raise Refused(not_found(reference))
    return answer("service_requests", [{"service_request_id": asked, "token": asked}])


def known(text: str) -> str:
    """Return the reference that stands in an address; raises Refused where it can be none."""
    if not (found := reference(text)):
        raise Refused(not_found(text))
    return found


def not_found(text: str) -> Any:
    """Return the problem of a request that does not exist, or is not public."""
    return missing(f"service_request_id {text[:60]} was not found")


def _records(rows: Rows) -> list[dict[str, Any]]:
    ids, now, to = [row.id for row in rows], clock.now(), addresses()
    said = queries.newest_words(ids, at=now)
    records = [request_record(row, said.get(row.id, ""), to) for row in rows]
    if wants_extensions():
        told = queries.stories(ids, at=now)
        for record, row in zip(records, rows, strict=True):
            record.update(extension(row, told.get(row.id, []), to))
    return records
