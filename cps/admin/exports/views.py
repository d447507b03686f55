"""What can be taken out, and each file; the taking is written down before the first byte leaves."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin.exports import files, services
from cps.admin.pack import writing
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.security import Can, requires

bp = Blueprint("exports", __name__, url_prefix="/admin/exports")

CSV, JSON, LINES = "text/csv", "application/json", "application/jsonl"


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show what can be taken out, what it holds and who may."""
    return render_template("admin/exports.html")


@bp.post("/city")
@requires(Can.MANAGE_CITY)
def city() -> ResponseReturnValue:
    """Give the city pack, as `cps city export` writes it."""
    _note("city")
    return _file(iter([writing.written(writing.whole_pack())]), JSON, "city.json")


@bp.post("/articles")
@requires(Can.MANAGE_CITY)
def articles() -> ResponseReturnValue:
    """Give all articles, as they are written now, as a table or as JSON Lines."""
    _note("articles")
    if request.form.get("form") == "jsonl":
        return _file(files.articles_as_lines(), LINES, "answers.jsonl")
    return _file(files.articles_as_table(), CSV, "answers.csv")


@bp.post("/audit")
@requires(Can.MANAGE_CITY)
def audit() -> ResponseReturnValue:
    """Give what was done as a table, the newest first."""
    _note("audit")
    return _file(files.audit_as_table(), CSV, "audit.csv")


def _note(what: str) -> None:
    with transaction():
        services.note_taking(what, by=current_user.id, at=clock.now())


def _file(pieces: Iterator[str], kind: str, name: str) -> Response:
    """Answer with a file to be kept, as it is made; whoever reads it slowly holds up nobody."""

    def each() -> Iterator[str]:
        for piece in pieces:
            db.session.rollback()
            yield piece

    response = Response(stream_with_context(each()), mimetype=kind)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "no-store"
    return response
