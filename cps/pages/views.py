"""Pages that belong to no feature."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from cps.core import i18n
from cps.core.db import db
from cps.core.rendering import nav_item
from cps.core.security import public

bp = Blueprint("pages", __name__)
BLUEPRINTS = (bp,)

YEAR = 365 * 24 * 3600


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
