"""What maps of complaints ask for: what lies in a box, and in words where a position is."""

from typing import Any

from flask import Response, json, request, url_for
from flask.typing import ResponseReturnValue

from cps.cases import map_answers, map_features, queries
from cps.cases import reference as references
from cps.cases.rules import CaseKind
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


@bp.get("/points.geojson")
@public
def points() -> ResponseReturnValue:
    """Give what a map of `zoom` shows of the list in `box` (west,south,east,north): cases, or clusters.

    Filters are those of the list. Without a box it is everything, at the zoom at which it fills a screen.
    400 for a box that is none or that no screen shows at its zoom.
    """
    if (answer := cacheable(queries.tag_of_hour("points", clock.now()))) is not None:
        return answer
    wanted, asked = asked_for(request.args)
    values: dict[str, Any] = {**asked, "box": map_answers.ANY_BOX}
    return map_answers.answer(
        request.args, wanted, case_address=_address_of_cases(), any_list=url_for(".index", **values)
    )


def _address_of_cases() -> map_features.CaseAddress:
    pattern = url_for(".show", reference=NO_REFERENCE)

    def address(_kind: CaseKind, reference: str) -> str:
        return pattern.replace(SHOWN, references.display(reference))

    return address


@bp.get("/new/whereabouts")
@public
def whereabouts() -> ResponseReturnValue:
    """Say in a sentence where a position is: its ward, and the nearest place that residents named."""
    lat, lon = (request.args.get(name, type=float) for name in ("lat", "lon"))
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return map_answers.refused(_("“lat” and “lon” are degrees."))
    return Response(json.dumps(places.whereabouts(lat, lon)), mimetype="application/json")
