"""What the files of all lists share: whole addresses, tags, pieces that hold no transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, request, stream_with_context, url_for

from cps.cases import reference as references
from cps.cases.rules import CaseKind
from cps.core.db import db
from cps.core.http import own_origin
from cps.notices import queries as notices
from cps.notices.rules import mark
from cps.opendata.queries import Part
from cps.opendata.rows import Pages, Record

bp = Blueprint("opendata", __name__)

NO_REFERENCE = "0" * references.LENGTH
Batches = Iterator[Iterable[Record]]


def stream(pieces: Iterator[str], kind: str, next_page: str | None) -> Response:
    """Answer with pieces as they are made; the rest of a long list is named in the head too (RFC 8288)."""
    response = Response(stream_with_context(_without_waiting(pieces)), mimetype=kind)
    if next_page is not None:
        response.headers["Link"] = f'<{next_page}>; rel="next"'
    return response


def _without_waiting(pieces: Iterator[str]) -> Iterator[str]:
    """Yield pieces with no transaction open: whoever reads them slowly holds up nobody."""
    for piece in pieces:
        db.session.rollback()
        yield piece


def notices_tag(at: datetime) -> str:
    """Return what changes when a notice begins or ends; other changes count in every tag anyway."""
    return f"notices-{mark([*notices.running(at), *notices.coming(at)])}"


def here() -> str:
    """Return the whole address of this request."""
    return own_origin(current_app.extensions["cps_config"]) + request.full_path.rstrip("?")


def whole(endpoint: str, **values: Any) -> str:
    """Return an address with scheme and host, as files that are taken away need it."""
    return own_origin(current_app.extensions["cps_config"]) + url_for(endpoint, **values)


def next_of(endpoint: str, asked: dict[str, str], part: Part) -> str | None:
    """Return the address of the rest of a list; None at its end."""
    return whole(endpoint, **asked, after=part.next_key) if part.next_key else None


def pages() -> Pages:
    """Return where rows lead; the address of a case is built once and not for every row."""
    shown = references.display(NO_REFERENCE)
    endpoints = {kind: whole("cases.show", reference=NO_REFERENCE) for kind in CaseKind}
    endpoints[CaseKind.COMPLAINT] = whole("complaints.show", reference=NO_REFERENCE)
    return Pages(
        case=lambda kind, reference: endpoints[kind].replace(shown, references.display(reference)),
        notice=lambda notice_id: whole("notices.show", notice_id=notice_id),
        poll=lambda slug: whole("polls.show", slug=slug),
    )
