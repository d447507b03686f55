"""Addresses that programs ask for: health, robots, the city's colours."""

from flask import Response, abort, current_app, g, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from cps.core.colours import style_sheet
from cps.core.db import db
from cps.core.http import own_origin
from cps.core.rendering import cacheable
from cps.core.security import public
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


@bp.get("/city.css")
@public
def city_css() -> ResponseReturnValue:
    """Put the city's own colour in place of ours; its address has the city's version, so it may be kept."""
    if g.city is None or not g.city.accent:
        abort(404)
    response = Response(style_sheet(g.city.accent), mimetype="text/css")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response
