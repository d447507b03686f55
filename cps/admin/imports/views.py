"""Files that are brought in: choose one, see what it would do, take it over or not."""

from http import HTTPStatus
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts.queries import names_of
from cps.accounts.step_up import confirmed
from cps.admin.imports import queries, services, wording
from cps.admin.imports.forms import FORMS, IncomingForm, TakeForm
from cps.admin.imports.queries import FileRow
from cps.admin.imports.rules import GRAVE, LARGEST_FILE, LARGEST_MAPPING, MOST_ROWS, UNDER_WAY, State, What
from cps.admin.views.saving import do
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible
from cps.core.forms import add_error, spend_key
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.models import Job
from cps.core.security import Can, requires
from cps.core.storage import delete_files
from cps.core.text import excerpt, one_line

bp = Blueprint("imports", __name__, url_prefix="/admin/imports")

LONGEST_NAME = 120

File = TypeVar("File", FileRow, Job)


def _is_grave(kind: str) -> bool:
    return kind in GRAVE


def _is_grave_file(file_id: int) -> bool:
    file = queries.find(file_id, clock.now())
    return file is not None and file.carried.what in GRAVE


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show what can be brought in, and the files that came last."""
    found = queries.newest(clock.now())
    names = names_of(file.carried.by for file in found)
    return render_template(
        "admin/imports.html", kinds=wording.KINDS, states=wording.STATES, files=found, names=names
    )


@bp.get("/<code:kind>")
@requires(Can.MANAGE_CITY)
@confirmed(back="imports.choose", when=_is_grave)
def choose(kind: str) -> ResponseReturnValue:
    """Ask for a file of one kind."""
    what = _known(kind)
    return _asking(what, FORMS[what](formdata=None))


@bp.post("/<code:kind>")
@requires(Can.MANAGE_CITY)
@confirmed(back="imports.choose", when=_is_grave)
def upload(kind: str) -> ResponseReturnValue:
    """Keep a file until the worker has looked at it."""
    what = _known(kind)
    form = FORMS[what]()
    data, right = _sent("file", LARGEST_FILE), form.validate()
    mapping = _mapping_in(form)
    if not data:
        add_error(form.file, _("Choose a file of at most 20 MB. A larger one comes in by a command."))
    if not right or not data or mapping is None:
        return _asking(what, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return _receive(what, form, data, mapping)


def _receive(what: What, form: IncomingForm, data: bytes, mapping: str) -> ResponseReturnValue:
    """Keep a file and its row, both or none."""
    key, leads_to = services.keep(data), url_for(".index")
    try:
        with transaction():
            if spend_key(str(form.form_key.data), purpose="import", leads_to="", at=clock.now()):
                row = services.receive(
                    what, key, _name("file"), form.wishes(mapping, _name("mapping")),
                    by=current_user.id, language=current_language(), at=clock.now(),
                )  # fmt: skip
                leads_to, key = url_for(".show", file_id=row.id), ""
    finally:
        delete_files([key] if key else [])
    return redirect(leads_to, HTTPStatus.SEE_OTHER)


@bp.get("/files/<int:file_id>")
@requires(Can.MANAGE_CITY)
def show(file_id: int) -> ResponseReturnValue:
    """Show where a file stands, and what it would do or has done."""
    return _page(_there(queries.find(file_id, clock.now())), TakeForm(formdata=None))


@bp.post("/files/<int:file_id>/take")
@requires(Can.MANAGE_CITY)
@confirmed(back="imports.show", when=_is_grave_file)
def take(file_id: int) -> ResponseReturnValue:
    """Let the worker take a file over."""
    skips = bool(TakeForm().skips.data)
    return do(
        lambda: services.take(_there(queries.lock(file_id)), skips=skips, by=current_user.id, at=clock.now()),
        leads_to=url_for(".show", file_id=file_id),
        done=_("It is being taken over. You need not wait here."),
    )


@bp.post("/files/<int:file_id>/drop")
@requires(Can.MANAGE_CITY)
def drop(file_id: int) -> ResponseReturnValue:
    """Delete a file that is not to be taken over."""
    return do(
        lambda: services.drop(_there(queries.lock(file_id)), by=current_user.id, at=clock.now()),
        leads_to=url_for(".index"),
        done=_("The file is deleted. Nothing was changed."),
    )


def _asking(what: What, form: IncomingForm) -> str:
    most = MOST_ROWS.get(what)
    return render_template("admin/import_new.html", what=what, kind=wording.KINDS[what], form=form, most=most)


def _page(file: FileRow, form: TakeForm) -> str:
    carried = file.carried
    return render_template(
        "admin/import_file.html",
        file=file,
        carried=carried,
        kind=wording.KINDS[carried.what],
        state=wording.STATES[file.state],
        is_under_way=file.state in UNDER_WAY,
        is_looked=file.state is State.LOOKED,
        figures=list(wording.figures(carried)),
        names=names_of([carried.by, carried.taken_by]),
        form=form,
    )


def _known(kind: str) -> What:
    if kind not in list(What):
        raise NotVisible(_("There is no such kind of file."))
    return What(kind)


def _there(file: File | None) -> File:
    if file is None:
        raise NotVisible(_("There is no such file."))
    return file


def _sent(name: str, most: int) -> bytes | None:
    """Return what came in a field, empty where nothing did; None where it is too large."""
    sent = request.files.get(name)
    data = sent.stream.read(most + 1) if sent else b""
    return data if len(data) <= most else None


def _mapping_in(form: IncomingForm) -> str | None:
    """Return the mapping that came with a form, empty where none did; None, and why, for what is none."""
    if "mapping" not in form:
        return ""
    data = _sent("mapping", LARGEST_MAPPING)
    try:
        if data is not None:
            return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    add_error(form["mapping"], _("A mapping is a text in UTF-8 of at most 100 kB."))
    return None


def _name(field: str) -> str:
    sent = request.files.get(field)
    return excerpt(one_line(sent.filename or ""), LONGEST_NAME) if sent else ""
