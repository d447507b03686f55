"""How an act is done: once, on the locked case as the officer saw it; nothing typed is ever lost."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from cps.cases import queries as cases
from cps.cases.models import Case
from cps.cases.rules import MoveRefused, Refusal
from cps.cases.wording import REFUSALS
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import CpsError, NotVisible, RuleViolation, StaleVersion
from cps.core.forms import spend_key
from cps.core.i18n import gettext as _
from cps.core.paging import place
from cps.core.security import Can, allows
from cps.triage import queries, replies
from cps.triage.forms import FORMS, DeskForm
from cps.triage.rules import ASKED_THERE, UNDOABLE, Act, acts
from cps.triage.views import photos
from cps.triage.views.opened import Open, open_case
from cps.triage.views.page import case_page, list_page
from cps.triage.work.services import undoable
from cps.wards import queries as wards

FIELD_OF = {
    Refusal.MESSAGE_MISSING: "message",
    Refusal.OUTCOME_MISSING: "outcome",
    Refusal.OUTCOME_WRONG: "outcome",
    Refusal.PHOTO_MISSING: "photos",
}
RETRY_SECONDS = "10"
Do = Callable[[Case, Open], None]
Done = str | Callable[[Case], str]
"""What to tell when it is done; where that depends on it, of the case as it stands then."""

Lock = Callable[[Open], Case]
"""Returns the case locked, with whatever else the act changes."""


def only_the_case(desk: Open) -> Case:
    """Lock the case alone, which is what most acts change."""
    return cases.lock_case(desk.case.reference)


def perform(
    reference: str, act: Act, do: Do, done: Done, *, lock: Lock = only_the_case
) -> ResponseReturnValue:
    """Read the form of an act and do it, or show the page again with everything typed and what to do.

    Answers 303 when it is done (or was done before), 422 for what must be mended, 409 when somebody changed
    the case meanwhile, 404 when it is not at this desk, 503 when the database is busy.
    """
    form = FORMS[act]()
    received = photos.receive("photos", zone=g.city.zone, at=clock.now()) if act is Act.CLOSE else None
    try:
        desk = open_case(reference, form, received=received)
    except NotVisible as gone:
        return _gone(form, gone)
    if "insert_template" in form and form["insert_template"].data:
        return _with_template(desk, form)
    if not _is_right(form, desk):
        return case_page(desk), HTTPStatus.UNPROCESSABLE_ENTITY
    return _attempt(desk, form, do, lock) or _done(desk, done)


def _attempt(desk: Open, form: DeskForm, do: Do, lock: Lock) -> ResponseReturnValue | None:
    try:
        _write(desk, form, do, lock)
    except NotVisible as gone:
        return _gone(form, gone)
    except StaleVersion as stale:
        return _again(desk, form, stale.message), HTTPStatus.CONFLICT
    except (MoveRefused, RuleViolation) as refusal:
        _mark(form, refusal)
        return _again(desk, form), HTTPStatus.UNPROCESSABLE_ENTITY
    except OperationalError:
        busy = _("The city’s computer is busy. Nothing is lost: wait a moment, then send it again.")
        return _again(desk, form, busy), HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": RETRY_SECONDS}
    return None


def _write(desk: Open, form: DeskForm, do: Do, lock: Lock) -> None:
    reference = desk.case.reference
    with transaction():
        case = lock(desk)
        if not allows(current_user, Can.WORK_CASE, case):
            raise NotVisible(_("There is no case with this number at your desk."))
        if not spend_key(form.key, purpose="desk", leads_to=reference, at=clock.now()):
            return
        if case.version != form.seen and not _is_own_since(case):
            raise StaleVersion(_("Somebody changed this case meanwhile. Here it is as it stands now."))
        offered = acts(case.kind, case.status, is_own=case.assignee_id == current_user.id)
        if form.act not in (*offered, *ASKED_THERE, Act.READ):
            raise MoveRefused(Refusal.NO_SUCH_MOVE)
        if form.act not in UNDOABLE:
            do(case, desk)
            return
        with undoable(case, form.act, by=current_user, at=clock.now()):
            do(case, desk)


def _is_own_since(case: Case) -> bool:
    """Return whether nobody else did anything with the case since the page of the field was made.

    What was done there without a connection arrives one after the other, and each changes the case.
    """
    shown = request.form.get("shown", type=place)
    return shown is not None and queries.is_own_since(case.id, shown, current_user.id)


def _is_right(form: DeskForm, desk: Open) -> bool:
    right = bool(form.validate())
    if desk.received and desk.received.refused:
        form["photos"].errors = desk.received.refused
        right = False
    if not form.form_key.data:
        form.form_key.data = FORMS[form.act](formdata=None).form_key.data
        form.form_errors.append(_("The page was not complete. Please send it again."))
        right = False
    return right


def _done(desk: Open, done: Done) -> ResponseReturnValue:
    """Lead on to the case, or to the list when the case is at another desk now."""
    case = cases.get_case(desk.case.reference)
    flash(done if isinstance(done, str) else done(case))
    if request.form.get("back") == "field":
        return redirect(url_for("triage.field"), HTTPStatus.SEE_OTHER)
    stays = allows(current_user, Can.WORK_CASE, case)
    address = desk.asked.to_case(case.reference) if stays else desk.asked.to_list()
    return redirect(address, HTTPStatus.SEE_OTHER)


def _again(desk: Open, form: DeskForm, problem: str = "") -> str:
    """Show the case as it is now, with what was typed, ready to be sent again after a look."""
    db.session.rollback()
    now = open_case(desk.case.reference, form, received=desk.received, problem=problem)
    form.show(now.case.version)
    return case_page(now)


def _gone(form: DeskForm, gone: CpsError) -> ResponseReturnValue:
    """Give the words back that were typed for a case which is not, or no longer, at this desk."""
    if not form.words.strip():
        raise gone
    db.session.rollback()
    return list_page(lost=form.words), HTTPStatus.NOT_FOUND


def _mark(form: DeskForm, refusal: MoveRefused | RuleViolation) -> None:
    """Put a refusal beside the field it is about, else on top of the form."""
    if isinstance(refusal, RuleViolation):
        form.form_errors.append(refusal.message)
        return
    name = FIELD_OF.get(refusal.reason, "")
    words = str(REFUSALS[refusal.reason])
    if name in form:
        form[name].errors = [words]
    else:
        form.form_errors.append(words)


def _with_template(desk: Open, form: DeskForm) -> ResponseReturnValue:
    """Put a template into the message; nothing is sent."""
    wanted = form["template"].data or ""
    template = next((one for one in desk.templates if one.code == wanted), None)
    if template is None:
        form["template"].errors = [_("Choose a template, then press Insert.")]
        return case_page(desk), HTTPStatus.UNPROCESSABLE_ENTITY
    words = replies.filled(template, desk.case, desk.catalogue, wards.areas())
    form["message"].data = "\n\n".join([form.words, words]).strip()
    return case_page(desk)
