"""The files of a result: its counts or those so far, and the bundle from which anybody can recount it."""

import csv
import io
import json
from collections.abc import Sequence
from typing import BinaryIO

from flask import Response, abort
from flask.typing import ResponseReturnValue

from cps.core import clock, text
from cps.core.security import public
from cps.core.storage import NotStored, current_storage
from cps.polls import outcome, queries, so_far
from cps.polls.key_ring import specification_of
from cps.polls.models import Poll
from cps.polls.outcome import Row
from cps.polls.queries import SoFar
from cps.polls.services import publishing
from cps.polls.views.base import bp, must_be_published, published_poll, visible_poll


@bp.get("/<code:slug>/results.json")
@public
def results_json(slug: str) -> ResponseReturnValue:
    """Serve exactly the bytes of `result.json` in the bundle; while a live poll is open, its counts."""
    poll = visible_poll(slug)
    if (found := _so_far(poll)) is not None:
        return _file(so_far.as_json(poll, found), "application/json", f"{slug}-so-far.json")
    must_be_published(poll)
    return _file(poll.result_json.encode(), "application/json", f"{slug}-result.json")


@bp.get("/<code:slug>/results.csv")
@public
def results_csv(slug: str) -> ResponseReturnValue:
    """Serve the counts as a table for spreadsheets; those so far lack what is decided after the close."""
    poll = visible_poll(slug)
    if (found := _so_far(poll)) is not None:
        rows = so_far.rows(specification_of(poll), found.counts, filled=found.size - found.blank)
        blank = outcome.blank_row(found.blank, of=found.size)
        return _file(_csv([*rows, blank], _COUNTED), "text/csv", f"{slug}-so-far.csv")
    must_be_published(poll)
    told = outcome.told(specification_of(poll), json.loads(poll.result_json))
    return _file(_csv([*told.rows, told.blank_row], _DECIDED), "text/csv", f"{slug}-result.csv")


_COUNTED = ("option", "label", "votes", "of")
_DECIDED = (*_COUNTED, "paper", "cost", "won")


def _so_far(poll: Poll) -> SoFar | None:
    return queries.so_far(poll.id) if so_far.is_shown(poll, clock.now()) else None


def _csv(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        won = ("yes" if row.won else "no") if row.code else ""
        cells = [row.code, text.harmless_cell(row.label), row.votes, row.of, row.paper, row.cost, won]
        writer.writerow(cells[: len(columns)])
    return f"\ufeff{table.getvalue()}".encode()


@bp.get("/<code:slug>/bundle.zip")
@public
def bundle(slug: str) -> ResponseReturnValue:
    """Serve what anybody can recount the result from."""
    poll = published_poll(slug)
    try:
        stream = current_storage().open(publishing.bundle_key(poll.slug))
    except NotStored:
        abort(404)
    response = zip_file(stream, f"{slug}-bundle.zip")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def zip_file(stream: BinaryIO, name: str) -> Response:
    """Return an answer that sends an open zip piece by piece, to be kept under a name, and closes it."""
    response = Response(iter(lambda: stream.read(1 << 16), b""), mimetype="application/zip")
    response.call_on_close(stream.close)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _file(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "public, no-cache"
    return response
