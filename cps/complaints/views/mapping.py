"""What maps of complaints ask for: what lies in a box, and in words where a position is."""

from http import HTTPStatus
from typing import Any

from flask import Response, json, request, url_for
from flask.typing import ResponseReturnValue

from cps.cases import map_features, queries
from cps.cases import reference as references
from cps.cases.queries import map_view
from cps.cases.rules import CaseKind
from cps.cases.rules.boxes import DEEPEST_ZOOM, Box, read_box, too_wide
from cps.complaints import places
from cps.complaints.asking import asked_for
from cps.complaints.views.public import bp
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.rendering import cacheable
from cps.core.security import public

NO_REFERENCE = "0" * 12
SHOWN = references.display(NO_REFERENCE)
"""Stands in an address for what differs from case to case, so that sixty need one address."""

_ANY_BOX = "0--0"


@bp.get("/points.geojson")
@public
def points() -> ResponseReturnValue:
    """Give what a map of `zoom` shows of the list in `box` (west,south,east,north): cases, or clusters.

    Filters are those of the list. Without a box it is everything, at the zoom at which it fills a screen.
    400 for a box that is none or that no screen shows at its zoom.
    """
    if (answer := cacheable(f"points-{queries.list_tag()}-{clock.now():%Y%m%d%H}")) is not None:
        return answer
    wanted, asked = asked_for(request.args)
    zoom = _zoom(request.args.get("zoom", ""))
    if problem := _problem(wanted.box, zoom):
        return _refused(problem)
    seen = map_view.seen(wanted, zoom)
    whole = map_features.collection(
        seen, case_address=_address_of_cases(), list_address=_address_of_lists(asked)
    )
    return _geojson(whole)


def _zoom(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 2 else None


def _problem(box: Box | None, zoom: int | None) -> str:
    """Return what is wrong with the box and zoom of the address; empty where nothing is."""
    if "zoom" in request.args and (zoom is None or zoom > DEEPEST_ZOOM):
        return _("“zoom” is a whole number from 0 to %(most)s.", most=DEEPEST_ZOOM)
    if "box" in request.args and (box is None or read_box(request.args["box"]) is None):
        return _(
            "“box” is west,south,east,north in degrees: four numbers, west before east, south before north."
        )
    if box is not None and zoom is not None and too_wide(box, zoom):
        return _("This box is wider than a screen at this zoom. Ask for a smaller one, or a smaller zoom.")
    return ""


def _refused(problem: str) -> ResponseReturnValue:
    return Response(json.dumps({"error": problem}), HTTPStatus.BAD_REQUEST, mimetype="application/json")


def _geojson(whole: dict[str, Any]) -> Response:
    return Response(json.dumps(whole), mimetype="application/geo+json")


def _address_of_cases() -> map_features.CaseAddress:
    pattern = url_for(".show", reference=NO_REFERENCE)

    def address(_kind: CaseKind, reference: str) -> str:
        return pattern.replace(SHOWN, references.display(reference))

    return address


def _address_of_lists(asked: dict[str, str]) -> map_features.ListAddress:
    values: dict[str, Any] = {**asked, "box": _ANY_BOX}
    pattern = url_for(".index", **values)

    def address(box: Box) -> str:
        return pattern.replace(_ANY_BOX, str(box))

    return address


@bp.get("/new/whereabouts")
@public
def whereabouts() -> ResponseReturnValue:
    """Say in a sentence where a position is: its ward, and the nearest place that residents named."""
    lat, lon = (request.args.get(name, type=float) for name in ("lat", "lon"))
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return _refused(_("“lat” and “lon” are degrees."))
    return Response(json.dumps(places.whereabouts(lat, lon)), mimetype="application/json")
