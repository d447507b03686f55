"""The boxes and the list of the desk, ready for its template."""

from collections.abc import Callable
from typing import Any

from flask import g
from flask_login import current_user

from cps.cases.policy import reach_of
from cps.core import clock
from cps.core.rendering import address
from cps.core.security import Can, allows
from cps.departments.catalogue import Catalogue
from cps.triage import queries, rows
from cps.triage.queries import Moment
from cps.triage.rows import Writing
from cps.triage.rules import Box, end_of_day
from cps.triage.views import boxes, filters
from cps.triage.views.address import Asked
from cps.triage.views.keys import KEYS
from cps.wards.queries import Areas

NO_PHOTO = "0" * 32


def list_parts(
    wanted: Asked, catalogue: Catalogue, areas: Areas, *, open_id: int | None = None
) -> dict[str, Any]:
    """Return the boxes with their counts, one page of the list, its filters."""
    now = clock.now()
    moment = Moment(now, end_of_day(now, g.city.zone))
    page = queries.queue(wanted.queue, current_user, moment, after=wanted.after)
    counts = queries.box_counts(current_user, moment)
    reach = reach_of(current_user)
    many = reach.everywhere or len(reach.departments) > 1
    writing = Writing(
        now=now,
        zone=g.city.zone,
        reader_id=current_user.id,
        catalogue=catalogue,
        areas=areas,
        shows_department=many,
        href=wanted.to_cases(),
        thumb=_to_thumbs(),
        open_id=open_id,
    )
    return {
        "asked": wanted,
        "box_name": boxes.box_name(wanted.queue.box, reach),
        "boxes": [boxes.box_link(box, counts[box], wanted, reach) for box in Box],
        "rows": rows.written(page.rows, writing),
        "next_address": wanted.to_list(after=page.next_key) if page.next_key else None,
        "filters": filters.choices(wanted, catalogue, areas, many),
        "chips": filters.chips(wanted, catalogue, areas),
        "empty": boxes.EMPTY[wanted.queue.box],
        "keys": KEYS,
        "may_make_notices": allows(current_user, Can.MAKE_NOTICES),
    }


def _to_thumbs() -> Callable[[str | None], str | None]:
    """Return a function from the name of a photo to the address of its thumbnail, which is built once."""
    before, after = address("cases.photo", name=NO_PHOTO, size="thumbnail").split(NO_PHOTO)
    return lambda name: f"{before}{name}{after}" if name else None
