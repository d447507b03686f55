"""The first page."""

from flask import current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.cases import queries as cases
from cps.core.i18n import gettext as _
from cps.core.rendering import cacheable, nav_item
from cps.core.security import public
from cps.pages.views.base import bp
from cps.pages.wording import done_in

MOST_ANSWERED = 4


@nav_item(0)
def home_place() -> tuple[str, str, str, bool]:
    """Lead to the first page."""
    return url_for("pages.home"), _("Home"), "house", request.endpoint == "pages.home"


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """Show what one can do here, and what the city has just answered."""
    if g.city is None:
        return render_template("pages/no_city.html")
    if (answer := cacheable(f"home-{cases.list_tag()}")) is not None:
        return answer
    return render_template(
        "pages/home.html",
        answered=cases.recently_answered(MOST_ANSWERED),
        done_in=done_in,
        endpoints=current_app.view_functions,
    )
