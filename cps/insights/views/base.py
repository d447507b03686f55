"""What the pages of figures share: whether they are public yet, and what to keep of them."""

from datetime import date

from flask import Blueprint, Response, abort, g
from flask_login import current_user

from cps.core import clock
from cps.core.security import Can, allows
from cps.insights import files, queries
from cps.insights.files import MonthFigures
from cps.insights.models import PromiseFile
from cps.insights.rules import FiguresRefused, Month
from cps.insights.schedule import internal_until

bp = Blueprint("insights", __name__)

SHOWN_MONTHS = 13
"""A year, and the same month of the year before."""


def closed_until() -> date | None:
    """Return the day on which figures become public, for whoever must wait for it; None for all others."""
    until = internal_until(g.city, clock.now()) if g.city else None
    return None if until is None or allows(current_user, Can.SEE_INTERNAL_FIGURES) else until


def only_if_public() -> None:
    """Answer 404 while the figures are internal and the visitor is none of those who see them."""
    if closed_until() is not None:
        abort(404)


def month_of(written: str) -> Month:
    """Return the month of an address; 404 for what is none."""
    try:
        return Month.parse(written)
    except FiguresRefused:
        abort(404)


def edition_of(written: str, number: int) -> PromiseFile:
    """Return one edition of a month; 404 where there is none or figures are not public yet."""
    only_if_public()
    found = queries.edition(month_of(written), number)
    if found is None:
        abort(404)
    return found


def file_answer(content: bytes, mimetype: str, name: str) -> Response:
    """Serve bytes as a file of this name, which programs ask for again and again."""
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def last_months() -> list[MonthFigures]:
    """Return the figures of the last months, the newest first, each as it was corrected last."""
    heads = queries.newest_editions(limit=SHOWN_MONTHS)
    return [files.read(queries.file_text(head.sha256)) for head in heads]
