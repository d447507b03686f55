"""The city's crest: laid before, looked at by day and by night, published, taken away."""

from collections.abc import Callable
from http import HTTPStatus

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin import history, queries
from cps.admin.townhall import services
from cps.admin.townhall.forms import CrestForm
from cps.admin.townhall.views.base import OURS, bp, samples
from cps.admin.townhall.wording import ACTS, refusal
from cps.admin.views.saving import do, save
from cps.core import clock, emblems
from cps.core.city import lock as lock_city
from cps.core.emblems import Emblem
from cps.core.forms import add_error
from cps.core.i18n import gettext as _
from cps.core.images import ImageRefused
from cps.core.models import City
from cps.core.security import Can, requires


@bp.get("/crest")
@requires(Can.MANAGE_CITY)
def crest() -> ResponseReturnValue:
    """Show the crest that everybody sees, and one that waits to be published."""
    return _page(CrestForm(formdata=None))


@bp.post("/crest")
@requires(Can.MANAGE_CITY)
def offer_crest() -> ResponseReturnValue:
    """Take a picture to look at; nobody else sees it yet."""
    form = CrestForm()
    drawn = _drawn(form)
    if drawn is None:
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return save(
        form,
        lambda: services.offer_crest(lock_city(), drawn, by=current_user.id, at=clock.now()),
        again=lambda: _page(form),
        leads_to=url_for(".crest"),
        done=_("Look at it by day and by night. Nobody else sees it yet."),
    )


@bp.post("/crest/publish")
@requires(Can.MANAGE_CITY)
def publish_crest() -> ResponseReturnValue:
    """Put the crest that waits into the bar of every page."""
    return _act(services.publish_crest, _("Published. Everybody sees it from now on."))


@bp.post("/crest/drop")
@requires(Can.MANAGE_CITY)
def drop_crest() -> ResponseReturnValue:
    """Throw the crest away that waits."""
    return _act(services.drop_crest, _("It is thrown away."))


@bp.post("/crest/remove")
@requires(Can.MANAGE_CITY)
def remove_crest() -> ResponseReturnValue:
    """Take the crest out of every page; our town hall stands there again."""
    return _act(services.remove_crest, _("The crest is gone from every page."))


def _act(act: Callable[..., None], done: str) -> ResponseReturnValue:
    name = request.form.get("crest", "")

    def write() -> None:
        row: City = lock_city()
        act(row, name, by=current_user.id, at=clock.now())

    return do(write, leads_to=url_for(".crest"), done=done)


def _drawn(form: CrestForm) -> Emblem | None:
    """Return the crest that came with the form; where it is refused, the form says why."""
    upload = request.files.get("file")
    data = upload.stream.read(emblems.LIMITS.max_bytes + 1) if upload else b""
    if not data:
        add_error(form.file, _("Choose a picture."))
        return None
    try:
        return emblems.draw(data)
    except ImageRefused as refused:
        add_error(form.file, refusal(refused.reason, data))
        return None


def _page(form: CrestForm) -> str:
    colour = g.city.accent or OURS
    return render_template(
        "admin/crest.html",
        form=form,
        colour=colour,
        samples=samples(colour),
        waiting=g.city.logo_next,
        published=g.city.logo,
        history=history.in_words(queries.history(["crest"]), {}, acts=ACTS),
    )
