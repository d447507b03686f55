"""The facts of the city: what everybody reads of it, with its bar in both themes before it is taken."""

from http import HTTPStatus

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin import history, queries
from cps.admin.townhall import services
from cps.admin.townhall.forms import CityForm, city_form
from cps.admin.townhall.views.base import OURS, bp, samples
from cps.admin.trail.wording import LABELS
from cps.admin.views.categories import languages
from cps.admin.views.saving import as_seen, save
from cps.core import clock
from cps.core.city import lock as lock_city
from cps.core.colours import HEX, sample_sheet
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires


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
    """Change the city, or only look at it."""
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
        samples=samples(shown),
        facts=g.city,
        is_changed=is_changed,
        history=history.in_words(queries.history(["city"], 1, action="change-city"), LABELS),
    )
