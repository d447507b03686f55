"""The outlines of wards for maps."""

import gzip
from functools import lru_cache
from http import HTTPStatus

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from cps.core import i18n
from cps.core.security import public
from cps.wards import drawing, queries

bp = Blueprint("wards", __name__)
BLUEPRINTS = (bp,)


@bp.get("/api/v1/wards.geojson")
@public
def outlines() -> ResponseReturnValue:
    """Serve the outlines of all wards, named in the visitor's language, with an ETag of their versions."""
    areas = queries.areas()
    response = Response(mimetype="application/geo+json")
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["ETag"] = tag = f'W/"wards-{areas.version}-{i18n.current_language()}"'
    response.vary.add("Accept-Encoding")
    if tag in request.headers.get("If-None-Match", ""):
        response.status_code = HTTPStatus.NOT_MODIFIED
        return response
    packed = _packed(areas, i18n.current_language())
    if request.accept_encodings.quality("gzip") > 0:
        response.headers["Content-Encoding"] = "gzip"
        response.set_data(packed)
    else:
        response.set_data(gzip.decompress(packed))
    return response


@lru_cache(maxsize=16)
def _packed(areas: queries.Areas, language: str) -> bytes:
    names = {code: i18n.localized(ward.name, language) for code, ward in areas.wards.items()}
    return gzip.compress(drawing.feature_collection(areas.outlines, names), 9, mtime=0)
