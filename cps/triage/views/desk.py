"""The desk: boxes with counts, the list, and one case beside it."""

from http import HTTPStatus

from flask import Blueprint, Response, json, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases import reference as references
from cps.cases.reference import NotAReference
from cps.cases.wording import status_look
from cps.core.i18n import gettext as _
from cps.core.rendering import address, nav_item
from cps.core.security import Can, allows, requires
from cps.triage.rules import Box, first_box
from cps.triage.views.looking import looked_at_new
from cps.triage.views.opened import get_case, open_case
from cps.triage.views.page import case_page, list_page
from cps.triage.views.presence import note_reader

SHOWS_NEW = frozenset({Box.NEW, Box.HANDED, Box.DEPARTMENT})
"""Boxes in which an officer sees what is new."""

bp = Blueprint("triage", __name__, url_prefix="/desk")
bp.after_request(note_reader)


@nav_item(5)
def _nav() -> tuple[str, str, str, bool] | None:
    if not allows(current_user, Can.WORK_CASES):
        return None
    return address("triage.index"), _("Desk"), "inbox", _is_of_desk()


def _is_of_desk() -> bool:
    """Return whether the page is one of the desk, be it that another feature shows it there."""
    below = request.url_rule is not None and request.url_rule.rule.startswith(f"{bp.url_prefix}/")
    return below or (request.endpoint or "").startswith(f"{bp.name}.")


@bp.get("")
@requires(Can.WORK_CASES)
def index() -> ResponseReturnValue:
    """Show the queue; whoever searches for the number of a case they work is led to it."""
    reference = _searched_number()
    if reference is not None:
        box = request.args.get("box")
        return redirect(url_for("triage.show", reference=reference, box=box), HTTPStatus.SEE_OTHER)
    page = list_page()
    if request.args.get("box", first_box(current_user.roles)) in SHOWS_NEW:
        looked_at_new()
    return page


def _searched_number() -> str | None:
    try:
        reference = references.parse(request.args.get("q", "")[:100])
    except NotAReference:
        return None
    case = cases.find_case(reference)
    return reference if case is not None and allows(current_user, Can.WORK_CASE, case) else None


@bp.get("/<reference:reference>")
@requires(Can.WORK_CASES)
def show(reference: str) -> ResponseReturnValue:
    """Show the queue with one case beside it."""
    page = case_page(open_case(reference))
    looked_at_new()
    return page


@bp.get("/<reference:reference>/place.geojson")
@requires(Can.WORK_CASES)
def place(reference: str) -> ResponseReturnValue:
    """Give the map of a case its one point."""
    case = get_case(reference)
    point = None if case.lat is None else {"type": "Point", "coordinates": [case.lon, case.lat]}
    look = status_look(case.status, case.outcome)
    properties = {
        "title": case.title,
        "href": url_for("triage.show", reference=reference),
        "status": str(look.word),
        "colour": look.colour,
    }
    feature = {"type": "Feature", "geometry": point, "properties": properties}
    body = json.dumps({"type": "FeatureCollection", "features": [feature] if point else []})
    return Response(body, mimetype="application/geo+json")
