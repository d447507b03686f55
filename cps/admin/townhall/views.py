"""The city's own page: what everybody reads of it, and its colour in both themes before it is taken."""

from http import HTTPStatus

from flask import Blueprint, Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin import history, queries
from cps.admin.townhall import services
from cps.admin.townhall.forms import CityForm, city_form
from cps.admin.trail.wording import LABELS
from cps.admin.views.categories import languages
from cps.admin.views.saving import as_seen, save
from cps.core import clock
from cps.core.city import lock as lock_city
from cps.core.colours import DARK, HEX, LIGHT, accent_for, contrast, sample_sheet
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires

bp = Blueprint("townhall", __name__, url_prefix="/admin/city")

OURS = "#0a6859"
"""The colour of a city that chose none, as it is in `tokens.css`."""


@bp.get("")
@requires(Can.MANAGE_CITY)
def show() -> ResponseReturnValue:
    """Show what everybody reads of the city, to change it."""
    form = city_form(languages())(formdata=None, version=g.city.version)
    form.show(g.city)
    return _page(form, g.city.accent)


@bp.post("")
@requires(Can.MANAGE_CITY)
def change() -> ResponseReturnValue:
    """Change the city, or only look at its colour."""
    form = city_form(languages())()
    if form.look.data:
        is_right = form.validate()
        page = _page(form, form.accent.data or "", is_changed=True)
        return page, HTTPStatus.OK if is_right else HTTPStatus.UNPROCESSABLE_ENTITY

    def write() -> None:
        row = lock_city()
        as_seen(form, row.version)
        services.change_city(row, form.spec, by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _page(form, form.accent.data or "", is_changed=True),
        leads_to=url_for(".show"),
        done=_("Saved. Everybody reads it from now on."),
    )


@bp.get("/colour.css")
@requires(Can.MANAGE_CITY)
def colour() -> ResponseReturnValue:
    """Send the tokens of a colour for the two samples of the page."""
    asked = request.args.get("colour", "")
    return Response(sample_sheet(asked if HEX.fullmatch(asked) else OURS), mimetype="text/css")


def _page(form: CityForm, accent: str, *, is_changed: bool = False) -> str:
    shown = accent if HEX.fullmatch(accent) else OURS
    return render_template(
        "admin/city.html",
        form=form,
        spoken=languages(),
        shown=shown,
        samples=[(name, ground, *_made(shown, name)) for name, ground in _grounds()],
        facts=g.city,
        is_changed=is_changed,
        history=history.in_words(queries.history(["city"], 1, action="change-city"), LABELS),
    )


def _grounds() -> list[tuple[str, str]]:
    return [("light", _("By day")), ("dark", _("By night"))]


def _made(colour: str, theme: str) -> tuple[str, str]:
    """Return the colour as a theme shows it, and its contrast with the page."""
    ground = LIGHT if theme == "light" else DARK
    made = accent_for(colour, ground)
    return made.accent, f"{contrast(made.accent, ground.surfaces[0]):.1f}"
