"""Files in the mail of a complaint about staff, for whoever may read who reported it, with a reason."""

from http import HTTPStatus

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import Headers

from cps.cases import queries as cases
from cps.cases.models import Case
from cps.cases.services.integrity import open_reporter
from cps.channels.forms import AttachedForm
from cps.channels.mail.attached import Attached, attached_to, take_out
from cps.channels.mail.reading import File
from cps.channels.views.queue import bp
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, requires


@bp.app_context_processor
def known_to_pages() -> dict[str, object]:
    """Let the page of such a complaint lead here, where there are files."""
    return {"came_with_files": lambda case: bool(attached_to(case.id))}


@bp.get("/cases/<reference:reference>/files")
@requires(Can.HANDLE_INTEGRITY)
def files(reference: str) -> ResponseReturnValue:
    """Name the files of a complaint about staff, and ask why somebody opens one."""
    case = _readable(cases.get_case(reference))
    return _page(case, _offered(AttachedForm(formdata=None), attached_to(case.id)))


@bp.post("/cases/<reference:reference>/files")
@requires(Can.HANDLE_INTEGRITY)
def open_file(reference: str) -> ResponseReturnValue:
    """Hand out one file, and record it as every look at who reported the complaint."""
    case = _readable(cases.get_case(reference))
    known = attached_to(case.id)
    form = _offered(AttachedForm(), known)
    if not form.validate():
        return _page(case, form), HTTPStatus.UNPROCESSABLE_ENTITY
    chosen = next(one for one in known if one.key == form.file.data)
    found = take_out(chosen)
    if found is None:
        flash(_("This file is not kept any more."), "warning")
        return redirect(url_for(".files", reference=reference), HTTPStatus.SEE_OTHER)
    reason = f"{form.reason.data} ({chosen.name})"
    with transaction():
        case = _readable(cases.lock_case(reference))
        open_reporter(case, by=current_user, at=clock.now(), reason=reason)
    return _handed_out(found)


def _readable(case: Case) -> Case:
    if not (case.is_integrity and allows(current_user, Can.SEE_REPORTER, case)):
        raise NotVisible(_("There is no case with this number at your desk."))
    return case


def _offered(form: AttachedForm, known: list[Attached]) -> AttachedForm:
    form.offer([(one.key, one.name) for one in known])
    return form


def _page(case: Case, form: AttachedForm) -> str:
    return render_template("channels/attached.html", case=case, form=form)


def _handed_out(file: File) -> Response:
    """Answer with a file to be saved, which no browser opens by itself: a stranger made it."""
    headers = Headers({"Cache-Control": "no-store"})
    headers.set("Content-Disposition", "attachment", filename=file.name)
    return Response(file.data, mimetype="application/octet-stream", headers=headers)
