"""Addresses that programs ask for: health, robots, the city's colours and crest."""

from flask import Response, abort, current_app, g, jsonify
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import text

from cps.admin.townhall import crests
from cps.core.colours import style_sheet
from cps.core.db import db
from cps.core.http import own_origin
from cps.core.rendering import cacheable
from cps.core.security import Can, allows, public
from cps.pages.openapi import document
from cps.pages.views.base import bp

YEAR = 365 * 24 * 3600
ROBOTS = """\
User-agent: *
Disallow: /accounts/
Disallow: /complaints/kept
Disallow: /complaints/new
Disallow: /complaints/offline
Disallow: /desk
Disallow: /language
Disallow: /offline
Disallow: /track
"""


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that the process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say that the database answers too."""
    db.session.execute(text("SELECT 1"))
    return Response("ready\n", mimetype="text/plain")


@bp.get("/api/v1/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """Describe what programs can ask here (OpenAPI 3.1)."""
    if (same := cacheable("openapi")) is not None:
        return same
    return jsonify(document(own_origin(current_app.extensions["cps_config"])))


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Keep search engines to what is public and stays."""
    return Response(ROBOTS, mimetype="text/plain")


@bp.get("/crest/<token:crest>.webp")
@public
def city_crest(crest: str) -> ResponseReturnValue:
    """Send the city's crest; one that is not published yet to those who may publish it."""
    is_public = g.city is not None and crest == g.city.logo
    if not is_public and not (g.city and crest == g.city.logo_next and allows(current_user, Can.MANAGE_CITY)):
        abort(404)
    data = crests.read(crest, "small") or abort(404)
    response = Response(data, mimetype="image/webp")
    kept = f"public, max-age={YEAR}, immutable" if is_public else "private, max-age=600"
    response.headers["Cache-Control"] = kept
    return response


@bp.get("/city.css")
@public
def city_css() -> ResponseReturnValue:
    """Put the city's own colour in place of ours; its address has the city's version, so it may be kept."""
    if g.city is None or not g.city.accent:
        abort(404)
    response = Response(style_sheet(g.city.accent), mimetype="text/css")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response
