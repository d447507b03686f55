"""`/metrics`, for Prometheus and its kin: what this process answered, what waits, what is late."""

import hmac
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from cps.cases.queries.promises import count_overdue
from cps.config import Config
from cps.core import clock, leases, schema
from cps.core.metrics import CONTENT_TYPE, gauge
from cps.core.models import Job, OutboxFact
from cps.core.security import public
from cps.pages.views.base import bp


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Give measures to those whom the settings allow; for all others there is nothing here."""
    config = current_app.extensions["cps_config"]
    if not (_comes_from(config) or _shows_token(config)):
        abort(HTTPStatus.NOT_FOUND)
    lines = [*current_app.extensions["cps_metrics"].lines(), *_of_database()]
    return Response("\n".join([*lines, ""]), content_type=CONTENT_TYPE)


def _comes_from(config: Config) -> bool:
    with suppress(ValueError):
        address = ip_address(request.remote_addr or "")
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address in ip_network(allowed) for allowed in config.metrics_from)
    return False


def _shows_token(config: Config) -> bool:
    kind, _space, shown = request.headers.get("Authorization", "").partition(" ")
    if not config.metrics_token or kind.lower() != "bearer":
        return False
    return hmac.compare_digest(shown.strip().encode(), config.metrics_token.encode())


def _of_database() -> Iterator[str]:
    """Yield what the database says, each from an index of what is open: it costs the same in a large city."""
    at, standing = clock.now(), schema.standing()
    work = {"job": leases.waiting(Job, at=at), "outbox": leases.waiting(OutboxFact, at=at)}
    yield from gauge(
        "cps_work_waiting",
        "Jobs and facts that are not done.",
        [({"table": table}, number) for table, (number, _seconds) in work.items()],
    )
    yield from gauge(
        "cps_work_oldest_seconds",
        "Seconds since the oldest of them was due.",
        [({"table": table}, seconds) for table, (_number, seconds) in work.items()],
    )
    yield from gauge("cps_cases_late", "Open cases past their date.", [({}, count_overdue(at))])
    level = standing.level if standing else 0
    yield from gauge("cps_schema_level", "Level of the database's schema.", [({}, level)])
