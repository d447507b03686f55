"""Public lists as tables and as GeoJSON. Filters stand in the address as on the page."""

from collections.abc import Callable
from functools import partial

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from cps.cases import queries as cases
from cps.complaints.asking import asked_for
from cps.core import clock
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.moderation import queries as moderation
from cps.opendata import queries, tables
from cps.opendata.rows import (
    CASE_COLUMNS,
    MODERATION_COLUMNS,
    NOTICE_COLUMNS,
    POLL_COLUMNS,
    PROPOSAL_COLUMNS,
    case_record,
    moderation_record,
    notice_record,
    poll_record,
    proposal_record,
)
from cps.opendata.views.base import Batches, bp, here, next_of, notices_tag, pages, stream
from cps.polls import presenting as poll_presenting
from cps.polls import queries as polls
from cps.proposals import asking as proposals_asking

MOST_ROWS = 20_000
"""Rows of one file; the rest of a longer list is behind its link."""

CSV, GEOJSON = "text/csv", "application/geo+json"
Write = Callable[[Batches, str | None], Response]


@bp.get("/data")
@public
def index() -> ResponseReturnValue:
    """Say which lists can be taken away, in which forms, and what may be done with them."""
    if (answer := cacheable("data")) is not None:
        return answer
    return render_template("opendata/index.html")


@bp.get("/complaints.csv")
@public
def complaints_csv() -> ResponseReturnValue:
    """Give the public complaints, narrowed as the list is, as a table."""
    return _complaints(".complaints_csv", as_csv(CASE_COLUMNS, "complaints.csv"))


@bp.get("/complaints.geojson")
@public
def complaints_geojson() -> ResponseReturnValue:
    """Give the same as GeoJSON; those without a position have no geometry."""
    return _complaints(".complaints_geojson", _geojson)


@bp.get("/proposals.csv")
@public
def proposals_csv() -> ResponseReturnValue:
    """Give the proposals, narrowed as the list is, as a table."""
    return _proposals(".proposals_csv", as_csv(PROPOSAL_COLUMNS, "proposals.csv"))


@bp.get("/proposals.geojson")
@public
def proposals_geojson() -> ResponseReturnValue:
    """Give the same as GeoJSON; those for the whole city have no geometry."""
    return _proposals(".proposals_geojson", _geojson)


@bp.get("/notices.csv")
@public
def notices_csv() -> ResponseReturnValue:
    """Give every notice as a table."""
    return _notices(".notices_csv", as_csv(NOTICE_COLUMNS, "notices.csv"))


@bp.get("/notices.geojson")
@public
def notices_geojson() -> ResponseReturnValue:
    """Give every notice as GeoJSON; a circle is its middle and `radius_m`, wards are named by their codes."""
    return _notices(".notices_geojson", _geojson)


@bp.get("/polls.csv")
@public
def polls_csv() -> ResponseReturnValue:
    """Give every poll that is no draft as a table."""
    at, known = clock.now(), polls.listed()
    if (answer := cacheable(f"polls-file-{poll_presenting.mark(known, at)}")) is not None:
        return answer
    batches = iter([iter([poll_record(poll, at, pages()) for poll in known])])
    return as_csv(POLL_COLUMNS, "polls.csv")(batches, None)


@bp.get("/data/moderation.csv")
@public
def moderation_csv() -> ResponseReturnValue:
    """Give every act of a moderator as a table, with its reason and without its content."""
    batches = iter([map(moderation_record, moderation.published())])
    return as_csv(MODERATION_COLUMNS, "moderation.csv")(batches, None)


def _complaints(endpoint: str, write: Write) -> ResponseReturnValue:
    if (answer := cacheable(cases.tag_of_hour("complaints-file", clock.now()))) is not None:
        return answer
    wanted, asked = asked_for(request.args)
    part = queries.part_of_cases(wanted, after=request.args.get("after"), most=MOST_ROWS)
    make = partial(case_record, pages=pages())
    return write((map(make, rows) for rows in queries.cases(wanted, part)), next_of(endpoint, asked, part))


def _proposals(endpoint: str, write: Write) -> ResponseReturnValue:
    if (answer := cacheable(cases.tag_of_hour("proposals-file", clock.now()))) is not None:
        return answer
    wanted, asked = proposals_asking.asked_for(request.args)
    wished = proposals_asking.as_filter(wanted)
    part = queries.part_of_cases(wished, after=request.args.get("after"), most=MOST_ROWS)
    make = partial(proposal_record, pages=pages())
    batches = (map(make, rows) for rows in queries.proposals(wished, part))
    return write(batches, next_of(endpoint, asked, part))


def _notices(endpoint: str, write: Write) -> ResponseReturnValue:
    at = clock.now()
    if (answer := cacheable(notices_tag(at))) is not None:
        return answer
    part = queries.part_of_notices(after=request.args.get("after"), most=MOST_ROWS)
    to = pages()
    batches = (iter([notice_record(row[0], at, to) for row in rows]) for rows in queries.notices(part))
    return write(batches, next_of(endpoint, {}, part))


def as_csv(columns: tuple[str, ...], name: str) -> Write:
    """Return what answers with a table of these columns."""

    def write(batches: Batches, next_page: str | None) -> Response:
        response = stream(tables.csv_lines(columns, batches, next_page=next_page), CSV, next_page)
        response.headers["Content-Disposition"] = f"inline; filename={name}"
        return response

    return write


def _geojson(batches: Batches, next_page: str | None) -> Response:
    pieces = tables.features(batches, next_page=next_page, links={"self": here()})
    return stream(pieces, GEOJSON, next_page)
