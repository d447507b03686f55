"""The boxes, the saved views and the list of the desk, ready for its template."""

from collections.abc import Callable
from typing import Any

from flask import g
from flask_login import current_user

from cps.cases.policy import reach_of
from cps.cases.queries import Reach
from cps.cases.queries.asking import silent_among
from cps.cases.queries.handing import unclear_among
from cps.cases.queries.seconding import waiting_among
from cps.cases.rules import TransferAnswer
from cps.core import clock
from cps.core.rendering import address
from cps.core.security import Can, allows
from cps.departments.catalogue import Catalogue
from cps.triage import queries, rows
from cps.triage.queries.queue import Listed
from cps.triage.rows import Writing
from cps.triage.rules import Box, end_of_day, end_of_week
from cps.triage.views import boxes, filters, view_links
from cps.triage.views.address import Asked, here
from cps.triage.views.filters import Offering
from cps.triage.views.keys import KEYS
from cps.triage.wanted import Moment
from cps.triage.work import queries as work
from cps.wards.queries import Areas

NO_PHOTO = "0" * 32


def list_parts(
    wanted: Asked, catalogue: Catalogue, areas: Areas, *, open_id: int | None = None
) -> dict[str, Any]:
    """Return the boxes and views with their counts, one page of the list, its filters."""
    moment = moment_now()
    page = queries.queue(wanted.queue, current_user, moment, after=wanted.after)
    views = view_links.known(current_user, here(catalogue, areas))
    counts, view_counts = queries.counts(current_user, moment, [view.queue for view in views])
    current = next((view for view in views if view.values == wanted.values), None)
    reach = reach_of(current_user)
    offering = Offering(wanted.queue, catalogue, areas, many=reach.everywhere or len(reach.departments) > 1)
    return {
        "asked": wanted,
        "box_name": current.name if current else boxes.box_name(wanted.queue.box, reach),
        "boxes": [
            boxes.box_link(box, counts.get(box), reach, current=box is wanted.queue.box and current is None)
            for box in Box
        ],
        "views": view_links.links(views, view_counts, current),
        "rows": rows.written(page.rows, _writing(wanted, page, offering, moment, open_id)),
        "next_address": wanted.to_list(after=page.next_key) if page.next_key else None,
        "looked_to": page.looked_to,
        "looked_at": queries.LOOKED_AT,
        "closed_address": address("triage.index", box=Box.CLOSED.value, q=wanted.queue.words),
        "order": filters.order_words(wanted.values, wanted.queue, offering),
        "filters": filters.choices(wanted, offering),
        "quick": ("near", *filters.QUICK),
        "chips": filters.chips(wanted, offering),
        "empty": boxes.EMPTY[wanted.queue.box],
        "keys": KEYS,
        "undo": work.last_undoable(current_user.id, at=moment.now),
        "now": moment.now,
        **_where_to_go(reach),
    }


def _writing(wanted: Asked, page: Listed, offering: Offering, moment: Moment, open_id: int | None) -> Writing:
    """Return what the rows of a page have in common."""
    return Writing(
        now=moment.now,
        zone=g.city.zone,
        reader_id=current_user.id,
        catalogue=offering.catalogue,
        areas=offering.areas,
        shows_department=offering.many,
        href=wanted.to_cases(),
        thumb=_to_thumbs(),
        open_id=open_id,
        place=wanted.queue.place,
        silent=silent_among(row.id for row in page.rows if row.has_unread_reply),
        for_second=waiting_among([row.id for row in page.rows if row.closed_at is None]),
        unclear=unclear_among([row.id for row in page.rows if _came_back(row)]),
    )


def _where_to_go(reach: Reach) -> dict[str, bool]:
    """Return to which pages beside the list the officer is led."""
    return {
        "may_decide_whose": reach.everywhere,
        "may_go_out": bool(reach.everywhere or reach.departments),
        "may_supervise": allows(current_user, Can.SUPERVISE),
        "may_handle_integrity": allows(current_user, Can.HANDLE_INTEGRITY),
        "may_make_notices": allows(current_user, Can.MAKE_NOTICES),
    }


def _came_back(row: Any) -> bool:
    """Say whether a department gave an open case back last: of no other it can be unclear whose it is."""
    return row.closed_at is None and row.handed == TransferAnswer.REFUSED.value


def moment_now() -> Moment:
    """Return now, and when the city's day and week end."""
    now = clock.now()
    return Moment(now, end_of_day(now, g.city.zone), end_of_week(now, g.city.zone))


def _to_thumbs() -> Callable[[str | None], str | None]:
    """Return a function from the name of a photo to the address of its thumbnail, which is built once."""
    before, after = address("cases.photo", name=NO_PHOTO, size="thumbnail").split(NO_PHOTO)
    return lambda name: f"{before}{name}{after}" if name else None
