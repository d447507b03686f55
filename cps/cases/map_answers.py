"""What addresses of maps answer: what of a list lies in a box, or what is wrong with the box or the zoom."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Response, json

from cps.cases.map_features import CaseAddress, collection
from cps.cases.queries import Filter, map_view
from cps.cases.rules.boxes import DEEPEST_ZOOM, Box, read_box, too_wide
from cps.core.i18n import gettext as _

ANY_BOX = "0--0"
"""Stands for the box in the address of a list, so that sixty clusters need one address."""


def answer(
    address: Mapping[str, str], wanted: Filter, *, case_address: CaseAddress, any_list: str
) -> Response:
    """Return as GeoJSON what a map of the `zoom` of an address shows of a list, in the list's box.

    `any_list` is the address of a list in ANY_BOX. 400 for a box that is none or that no screen shows at
    its zoom.
    """
    zoom = _zoom(address.get("zoom", ""))
    if problem := _problem(address, wanted.box, zoom):
        return refused(problem)

    def list_address(box: Box) -> str:
        return any_list.replace(ANY_BOX, str(box))

    whole = collection(map_view.seen(wanted, zoom), case_address=case_address, list_address=list_address)
    return Response(json.dumps(whole), mimetype="application/geo+json")


def refused(problem: str) -> Response:
    """Return the answer to a script that asked for what there is not, with a sentence."""
    return Response(json.dumps({"error": problem}), HTTPStatus.BAD_REQUEST, mimetype="application/json")


def _zoom(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 2 else None


def _problem(address: Mapping[str, str], box: Box | None, zoom: int | None) -> str:
    """Return what is wrong with the box and zoom of the address; empty where nothing is."""
    if "zoom" in address and (zoom is None or zoom > DEEPEST_ZOOM):
        return _("“zoom” is a whole number from 0 to %(most)s.", most=DEEPEST_ZOOM)
    if "box" in address and (box is None or read_box(address["box"]) is None):
        return _(
            "“box” is west,south,east,north in degrees: four numbers, west before east, south before north."
        )
    if box is not None and zoom is not None and too_wide(box, zoom):
        return _("This box is wider than a screen at this zoom. Ask for a smaller one, or a smaller zoom.")
    return ""
