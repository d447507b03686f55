"""The round in which other systems are asked what they offer: newly connected ones, and all once a day."""

import logging
import time
from dataclasses import replace
from typing import Any

from sqlalchemy import or_

from cps.core import clock, leases
from cps.core.db import db, transaction
from cps.core.leases import BEGUN_WITHIN, Turn
from cps.open311.outgoing import queries, services, wire
from cps.open311.outgoing.composing import endpoint_of
from cps.open311.outgoing.models import OtherSystem
from cps.open311.outgoing.rules import Failed
from cps.open311.outgoing.wire import Endpoint

log = logging.getLogger(__name__)


def look_at_services(turn: Turn) -> int:
    """Ask what a system offers, where it was just connected or that was asked a day ago."""
    is_due = or_(OtherSystem.is_on, OtherSystem.looked_at.is_(None))
    keys = [] if turn.is_over() else leases.claim(OtherSystem, turn.owner, is_due, limit=1)
    for key in keys:
        row = queries.system(key)
        if row is None:
            continue
        endpoint, wanted = endpoint_of(row), set(row.routes.values())
        db.session.rollback()
        try:
            found, form = _offered(endpoint, wanted)
        except Failed as failed:
            log.info("services of another system not read: %s", failed, extra={"system": key})
            with transaction():
                services.mark_not_looked(key, turn.owner, failed, at=clock.now())
        else:
            with transaction():
                services.mark_services(key, turn.owner, found, form, at=clock.now())
    return len(keys)


def _offered(endpoint: Endpoint, wanted: set[str]) -> tuple[list[dict[str, Any]], str]:
    """Return the services of a system; those that are wanted with what they ask, as far as there is time."""
    began = time.monotonic()
    found, form = wire.services(endpoint)
    endpoint = replace(endpoint, form=form)
    for one in found:
        is_asked = one["asks"] and one["code"] in wanted and time.monotonic() - began < BEGUN_WITHIN
        one["attributes"] = wire.attributes(endpoint, one["code"]) if is_asked else []
    return found, form
