"""The files of a result: its counts, and the bundle from which anybody can recount it."""

import csv
import io
import json

from flask import Response, abort
from flask.typing import ResponseReturnValue

from cps.core import text
from cps.core.security import public
from cps.core.storage import NotStored, current_storage
from cps.polls import outcome
from cps.polls.key_ring import specification_of
from cps.polls.services import publishing
from cps.polls.views.base import bp, published_poll


@bp.get("/<code:slug>/results.json")
@public
def results_json(slug: str) -> ResponseReturnValue:
    """Serve exactly the bytes of `result.json` in the bundle."""
    return _file(published_poll(slug).result_json.encode(), "application/json", f"{slug}-result.json")


@bp.get("/<code:slug>/results.csv")
@public
def results_csv(slug: str) -> ResponseReturnValue:
    """Serve the counts as a table for spreadsheets."""
    poll = published_poll(slug)
    told = outcome.told(specification_of(poll), json.loads(poll.result_json))
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(["option", "label", "votes", "of", "cost", "won"])
    for row in told.rows:
        label, won = text.harmless_cell(row.label), "yes" if row.won else "no"
        writer.writerow([row.code, label, row.votes, row.of, row.cost, won])
    return _file(f"\ufeff{table.getvalue()}".encode(), "text/csv", f"{slug}-result.csv")


@bp.get("/<code:slug>/bundle.zip")
@public
def bundle(slug: str) -> ResponseReturnValue:
    """Serve what anybody can recount the result from."""
    poll = published_poll(slug)
    try:
        stream = current_storage().open(publishing.bundle_key(poll.slug))
    except NotStored:
        abort(404)
    response = Response(iter(lambda: stream.read(1 << 16), b""), mimetype="application/zip")
    response.call_on_close(stream.close)
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-bundle.zip"'
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _file(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "public, no-cache"
    return response
