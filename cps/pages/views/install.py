"""What makes the site a program of the phone: manifest, icons, service worker, the page when offline."""

from flask import Response, abort, current_app, g, json, url_for
from flask.typing import ResponseReturnValue

from cps.admin.townhall import crests
from cps.core import assets
from cps.core.colours import LIGHT
from cps.core.i18n import current_language, direction, html_language, localized
from cps.core.i18n import gettext as _
from cps.core.on_phone import for_everybody
from cps.core.rendering import build
from cps.core.security import public
from cps.pages.app_icon import SIZES, draw_icon
from cps.pages.views.base import bp

YEAR = 365 * 24 * 3600
LONGEST_SHORT_NAME = 12
"""Letters under an icon, by the advice of the standard (Web Application Manifest, short_name)."""

WORKER, NO_WORKER = "sw.js", "no-worker.js"
FILES = (
    *("app.css", "app.js", "icons.svg", "favicon.svg"),
    *("photos.js", "categories.js", "locate.js", "offline-form.js", "kept.js", "seen.js"),
)
"""What the pages without a connection are made of."""


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """Tell the phone how the site is called and looks among its programs, in the reader's language."""
    if g.city is None:
        abort(404)
    name = localized(g.city.name)
    body = {
        "id": "/",
        "name": name,
        "short_name": name if len(name) <= LONGEST_SHORT_NAME else name[: LONGEST_SHORT_NAME - 1] + "…",
        "description": localized(g.city.welcome),
        "lang": html_language(current_language()),
        "dir": direction(current_language()),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": LIGHT.surfaces[0],
        "theme_color": LIGHT.surfaces[0],
        "icons": [_icon(one) for one in ("192", "512", "maskable-512")],
        "shortcuts": [{"name": _("Report a problem"), "url": url_for("complaints.new")}],
    }
    response = Response(json.dumps(body, ensure_ascii=False), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _icon(name: str) -> dict[str, str]:
    address = url_for("pages.app_icon", icon=name, v=g.city.version)
    purpose = "maskable" if name.startswith("maskable") else "any"
    return {"src": address, "sizes": f"{SIZES[name]}x{SIZES[name]}", "type": "image/png", "purpose": purpose}


@bp.get("/icons/<code:icon>.png")
@public
def app_icon(icon: str) -> ResponseReturnValue:
    """Draw the city's icon; its address has the city's version, so it may be kept."""
    if g.city is None or icon not in SIZES:
        abort(404)
    drawn = draw_icon(icon, g.city.accent, crests.read(g.city.logo, "large"))
    response = Response(drawn, mimetype="image/png")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


@bp.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """Give the service worker of this build, or, where it is switched off, one that takes itself away."""
    is_on = current_app.extensions["cps_config"].offline and g.city is not None
    script = (assets.DIST / assets.manifest()[WORKER if is_on else NO_WORKER]).read_text()
    response = Response(f"{_facts() if is_on else ''}{script}", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _facts() -> str:
    """Return what the worker has to know, as a line of script."""
    files = [assets.asset_url(name) for name in FILES]
    if g.city.accent:
        files.append(url_for("pages.city_css", v=g.city.version))
    if crests.read(g.city.logo, "small"):  # a file that is lost would keep the worker from being installed
        files.append(url_for("pages.city_crest", crest=g.city.logo))
    facts = {
        "build": build(),
        "zone": str(g.city.zone),
        "files": files,
        "offline": url_for("pages.offline"),
        "form": url_for("complaints.offline"),
        "list": url_for("complaints.kept"),
    }
    return f"self.CPS={json.dumps(facts)};\n"


@bp.get("/offline")
@public
def offline() -> ResponseReturnValue:
    """Say that there is no connection, and what can be done and read all the same."""
    return for_everybody("pages/offline.html")
