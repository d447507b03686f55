"""Public lists as Atom feeds."""

from datetime import datetime
from typing import Any

from flask import Response, g, request
from flask.typing import ResponseReturnValue

from cps.cases import queries as cases
from cps.complaints.asking import asked_for
from cps.core import clock
from cps.core.i18n import current_language, html_language, localized
from cps.core.i18n import gettext as _
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.opendata import atom, queries
from cps.opendata.atom import Entry, Feed
from cps.opendata.queries import Part
from cps.opendata.rows import Record, case_record, moment, notice_record, poll_record
from cps.opendata.views.base import bp, here, next_of, notices_tag, pages, whole
from cps.polls import presenting as poll_presenting
from cps.polls import queries as polls
from cps.proposals import asking as proposals_asking

ENTRIES = 50
"""Entries of one page of a feed."""


@bp.get("/feeds/index.atom")
@public
def index_atom() -> ResponseReturnValue:
    """Give the feeds themselves as a feed, for programs that look for what there is."""
    if (answer := cacheable("feeds")) is not None:
        return answer
    language, at = html_language(current_language()), moment(clock.now())
    entries = [
        Entry(whole(endpoint), title, title, language, at, at)
        for endpoint, title in (
            (".complaints_atom", _("Reported problems")),
            (".proposals_atom", _("Proposals")),
            (".notices_atom", _("What the city knows now")),
            (".polls_atom", _("Polls")),
            (".answers_atom", _("Answers")),
        )
    ]
    return write_feed(_("Open data"), whole(".index"), ".index_atom", {}, entries, None)


@bp.get("/feeds/complaints.atom")
@public
def complaints_atom() -> ResponseReturnValue:
    """Give the newest complaints as a feed, narrowed as the list is."""
    if (answer := cacheable(cases.tag_of_hour("complaints-atom", clock.now()))) is not None:
        return answer
    wanted, asked = asked_for(request.args)
    part = queries.part_of_cases(wanted, after=request.args.get("after"), most=ENTRIES)
    records = [case_record(row, pages()) for rows in queries.cases(wanted, part) for row in rows]
    entries = [_case_entry(record) for record in records]
    page = whole("complaints.index", **asked)
    return write_feed(_("Reported problems"), page, ".complaints_atom", asked, entries, part)


@bp.get("/feeds/proposals.atom")
@public
def proposals_atom() -> ResponseReturnValue:
    """Give the newest proposals as a feed, narrowed as the list is."""
    if (answer := cacheable(cases.tag_of_hour("proposals-atom", clock.now()))) is not None:
        return answer
    wanted, asked = proposals_asking.asked_for(request.args)
    wished = proposals_asking.as_filter(wanted)
    part = queries.part_of_cases(wished, after=request.args.get("after"), most=ENTRIES)
    records = [case_record(row, pages()) for rows in queries.cases(wished, part) for row in rows]
    entries = [_case_entry(record) for record in records]
    page = whole("proposals.index", **asked)
    return write_feed(_("Proposals"), page, ".proposals_atom", asked, entries, part)


@bp.get("/feeds/notices.atom")
@public
def notices_atom() -> ResponseReturnValue:
    """Give the notices as a feed; an update makes an entry new."""
    at = clock.now()
    if (answer := cacheable(notices_tag(at))) is not None:
        return answer
    part = queries.part_of_notices(after=request.args.get("after"), most=ENTRIES)
    entries = [_notice_entry(row[0], at) for rows in queries.notices(part) for row in rows]
    title = _("What the city knows now")
    return write_feed(title, whole("notices.index"), ".notices_atom", {}, entries, part)


@bp.get("/feeds/polls.atom")
@public
def polls_atom() -> ResponseReturnValue:
    """Give the polls as a feed."""
    at, known = clock.now(), polls.listed()
    if (answer := cacheable(f"polls-atom-{poll_presenting.mark(known, at)}")) is not None:
        return answer
    entries = [_poll_entry(poll_record(poll, at, pages()), poll.created_at) for poll in known]
    return write_feed(_("Polls"), whole("polls.index"), ".polls_atom", {}, entries, None)


def write_feed(
    title: str, page: str, endpoint: str, asked: dict[str, str], entries: list[Entry], part: Part | None
) -> Response:
    """Answer with a feed, and with where its rest is."""
    links = {"self": here()}
    next_page = next_of(endpoint, asked, part) if part is not None else None
    if part is not None and part.after:
        links["first"] = whole(endpoint, **asked)
    if next_page is not None:
        links["next"] = next_page
    updated = max((entry.updated for entry in entries), default=moment(clock.now()))
    feed = Feed(title, page, localized(g.city.name), html_language(current_language()), updated, links)
    return Response(atom.written(feed, entries), mimetype="application/atom+xml")


def _case_entry(record: Record) -> Entry:
    lat, lon = record["lat"], record["lon"]
    return Entry(
        page=str(record["page"]),
        title=str(record["title"]),
        text=str(record["text"]),
        language=str(record["language"]),
        published=str(record["received_at"]),
        updated=str(record["updated_at"]),
        terms=tuple(
            (str(record[name]), str(record[f"{name}_name"])) for name in ("category", "ward") if record[name]
        ),
        position=(float(lat), float(lon)) if lat is not None and lon is not None else None,
    )


def _notice_entry(row: Any, at: datetime) -> Entry:
    record = notice_record(row, at, pages())
    return Entry(
        page=str(record["page"]),
        title=str(record["title"]),
        text=str(record["text"]),
        language=str(record["language"]) or html_language(current_language()),
        published=moment(row.created_at),
        updated=str(record["updated_at"]),
    )


def _poll_entry(record: Record, made: datetime) -> Entry:
    return Entry(
        page=str(record["page"]),
        title=str(record["question"]),
        text=str(record["question"]),
        language=str(record["language"]) or html_language(current_language()),
        published=moment(made),
        updated=str(record["updated_at"]),
    )
