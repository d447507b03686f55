"""Wards: the list, one ward, and a file that is looked at before it is taken."""

from http import HTTPStatus

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin import history
from cps.admin import queries as changes
from cps.admin.districts import queries, services
from cps.admin.districts.forms import WardFileForm, WardForm, ward_form
from cps.admin.views.categories import languages
from cps.admin.views.saving import as_seen, do, save
from cps.core import clock
from cps.core.errors import NotVisible
from cps.core.forms import add_error
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.security import Can, requires
from cps.core.wrong_rows import MOST_TOLD
from cps.wards.models import Ward

bp = Blueprint("districts", __name__, url_prefix="/admin/wards")

LARGEST_FILE = 3 * 1024 * 1024
LABELS = {
    "name": _l("Name"),
    "population": _l("How many live there"),
    "is_active": _l("In use"),
}


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show every ward, with who lives there and what is open."""
    return _list(WardFileForm(formdata=None))


@bp.post("")
@requires(Can.MANAGE_CITY)
def look() -> ResponseReturnValue:
    """Look at a file: what it would do, what is wrong or odd; nothing is written."""
    form = WardFileForm()
    upload = request.files.get("file")
    data = upload.stream.read(LARGEST_FILE + 1) if upload else b""
    if not data or len(data) > LARGEST_FILE:
        add_error(form.file, _("Choose a file of at most 3 MB. A larger one comes in by `cps import wards`."))
        return _list(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return _looked(form, data)


@bp.post("/take")
@requires(Can.MANAGE_CITY)
def take() -> ResponseReturnValue:
    """Take the file that was looked at; it is checked again."""
    form, data = WardFileForm(), request.form.get("text", "").encode()

    def write() -> None:
        services.take(data, g.city, replace=form.replaces.data, by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _looked(form, data)[0],
        leads_to=url_for(".index"),
        done=_("The wards are taken over."),
    )


@bp.get("/<int:ward_id>")
@requires(Can.MANAGE_CITY)
def show(ward_id: int) -> ResponseReturnValue:
    """Show a ward to change it."""
    row = _there(queries.ward(ward_id))
    form = ward_form(languages())(formdata=None, version=row.version)
    form.show(row)
    return _page(form, row)


@bp.post("/<int:ward_id>")
@requires(Can.MANAGE_CITY)
def change(ward_id: int) -> ResponseReturnValue:
    """Change the names of a ward, and how many live there."""
    form = ward_form(languages())()

    def write() -> None:
        row = _there(queries.lock_ward(ward_id))
        as_seen(form, row.version)
        services.change_ward(row, form.names(row), form.people.data, by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _page(form, _there(queries.ward(ward_id))),
        leads_to=url_for(".show", ward_id=ward_id),
        done=_("Saved."),
    )


@bp.post("/<int:ward_id>/use")
@requires(Can.MANAGE_CITY)
def use(ward_id: int) -> ResponseReturnValue:
    """Take a ward out of use, or into it again where the button says so."""
    is_active = request.form.get("to") == "on"

    def act() -> None:
        row = _there(queries.lock_ward(ward_id))
        services.set_in_use(row, is_active, by=current_user.id, at=clock.now())

    return do(
        act,
        leads_to=url_for(".show", ward_id=ward_id),
        done=_("Saved."),
    )


def _list(form: WardFileForm) -> str:
    opened = queries.open_cases()
    rows = [(row, opened.get(row.id, 0)) for row in queries.wards()]
    return render_template("admin/wards.html", form=form, rows=rows)


def _looked(form: WardFileForm, data: bytes) -> tuple[str, HTTPStatus]:
    """Return the page that says what a file would do, and how it answers."""
    found = services.look(data, g.city, replace=bool(form.replaces.data))
    try:
        text = data.decode()
    except UnicodeDecodeError:
        found, text = services.Look(problems=[_("This is not a JSON file.")]), ""
    page = render_template(
        "admin/wards_look.html",
        form=form,
        found=found,
        most=MOST_TOLD,
        text=text,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if found.problems else HTTPStatus.OK


def _page(form: WardForm, row: Ward) -> str:
    told = changes.history(["ward"], row.code)
    return render_template(
        "admin/ward.html",
        form=form,
        spoken=languages(),
        row=row,
        opened=queries.open_cases().get(row.id, 0),
        history=history.in_words(told, LABELS),
    )


def _there(row: Ward | None) -> Ward:
    if row is None:
        raise NotVisible(_("There is no such ward."))
    return row
