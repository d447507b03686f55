"""What this place is, what it keeps, how it can be used; and every component, for whoever builds pages."""

from urllib.parse import urlsplit

from flask import abort, current_app, render_template
from flask.typing import ResponseReturnValue

from cps.admin.townhall.rules import OwnPage
from cps.admin.townhall.words import said_on
from cps.core.security import public
from cps.departments import queries as departments
from cps.pages.specimens import specimens
from cps.pages.views.base import bp


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    """Say what this is for and who answers."""
    return render_template(
        "pages/about.html", departments=departments.departments(), said=said_on(OwnPage.ABOUT)
    )


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say what is kept, why, who sees it and how long."""
    config = current_app.extensions["cps_config"]
    tiles = urlsplit(config.tile_url or "").netloc.replace("{s}.", "")
    return render_template(
        "pages/privacy.html",
        tile_host=tiles,
        kept_days=config.keep_reporters_days,
        said=said_on(OwnPage.PRIVACY),
    )


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Say how far everybody can use this, how that was measured, and how to complain."""
    return render_template("pages/accessibility.html", said=said_on(OwnPage.ACCESSIBILITY))


@bp.get("/components")
@public
def components() -> ResponseReturnValue:
    """Show every component in every state, in the demo only."""
    if not current_app.extensions["cps_config"].is_demo:
        abort(404)
    return render_template("pages/components.html", picture="", **specimens())
