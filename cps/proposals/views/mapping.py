"""What maps of proposals ask for: what lies in a box."""

from http import HTTPStatus

from flask import Response, json, request, url_for
from flask.typing import ResponseReturnValue

from cps.cases import map_features, queries
from cps.cases.queries import map_view
from cps.cases.rules import CaseKind
from cps.cases.rules.boxes import DEEPEST_ZOOM, Box, read_box, too_wide
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.proposals.asking import as_filter, asked_for
from cps.proposals.views.base import bp

_ANY_BOX = "0--0"


@bp.get("/points.geojson")
@public
def points() -> ResponseReturnValue:
    """Give what a map of `zoom` shows of the list in `box` (west,south,east,north): proposals, or clusters.

    Filters are those of the list. 400 for a box that is none or that no screen shows at its zoom.
    """
    if (answer := cacheable(f"proposal-points-{queries.list_tag()}-{clock.now():%Y%m%d%H}")) is not None:
        return answer
    wanted, asked = asked_for(request.args)
    zoom = _zoom(request.args.get("zoom", ""))
    if problem := _problem(wanted.box, zoom):
        return Response(json.dumps({"error": problem}), HTTPStatus.BAD_REQUEST, mimetype="application/json")
    whole = map_features.collection(
        map_view.seen(as_filter(wanted), zoom), case_address=_page, list_address=_lists(asked)
    )
    return Response(json.dumps(whole), mimetype="application/geo+json")


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


def _page(_kind: CaseKind, reference: str) -> str:
    return url_for(".show", reference=reference)


def _lists(asked: dict[str, str]) -> map_features.ListAddress:
    pattern = url_for(".index", **{**asked, "box": _ANY_BOX})  # type: ignore[arg-type]

    def address(box: Box) -> str:
        return pattern.replace(_ANY_BOX, str(box))

    return address
