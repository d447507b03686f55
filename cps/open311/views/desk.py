"""Where a case was sent, for the desk; and sending it back where it is said to be done there and is not."""

from http import HTTPStatus

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.models import Case
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import CpsError, NotVisible, RuleViolation, StaleVersion
from cps.core.forms import spend_key
from cps.core.i18n import gettext as _
from cps.core.i18n import language_of
from cps.core.security import Can, allows, requires
from cps.open311.outgoing import presenting, queries, services
from cps.open311.outgoing.forms import SendBackForm

bp = Blueprint("open311_desk", __name__, url_prefix="/desk/<reference:reference>/send-back")


@bp.app_context_processor
def known_to_pages() -> dict[str, object]:
    """Let the desk show where a case was sent, and a department whether it is connected."""
    return {
        "sent_to_system": sent_to_system,
        "system_of": queries.system_of,
        "send_back_address": _address,
        "send_back_form": lambda case: SendBackForm(formdata=None, version=case.version),
    }


def sent_to_system(case: Case) -> presenting.Sent | None:
    """Return where a case was sent, for whoever works it."""
    row = queries.newest_of(case.id)
    return presenting.sent(row, case, at=clock.now()) if row is not None else None


@bp.get("")
@requires(Can.WORK_CASES)
def show(reference: str) -> ResponseReturnValue:
    """Show where a case was sent, and the form that sends it back."""
    case = _case(reference)
    return _page(case, SendBackForm(formdata=None, version=case.version))


@bp.post("")
@requires(Can.WORK_CASES)
def send_back(reference: str) -> ResponseReturnValue:
    """Send a case back that is said to be done there, with the reason why it is not."""
    form = SendBackForm()
    try:
        if not form.validate():
            return _page(_case(reference), form), HTTPStatus.UNPROCESSABLE_ENTITY
        with transaction():
            _write(reference, form)
    except NotVisible as gone:
        return _refused(None, form, gone)
    except (RuleViolation, StaleVersion) as refused:
        db.session.rollback()
        return _refused(_case(reference), form, refused)
    flash(_("It is sent there again with your reason."), "success")
    return redirect(_address("triage.show", reference), HTTPStatus.SEE_OTHER)


def _write(reference: str, form: SendBackForm) -> None:
    case, at, why = _checked(cases.lock_case(reference)), clock.now(), form.why.data or ""
    if not spend_key(f"send-back:{form.form_key.data}:{why}", purpose="desk", leads_to=reference, at=at):
        return
    if str(case.version) != form.version.data:
        raise StaleVersion(_("Somebody changed this case meanwhile. Here it is as it stands now."))
    row = queries.lock_newest(case.id)
    if row is None:
        raise RuleViolation(_("This case was sent to no other system."))
    language = language_of(why, g.city.languages)
    services.send_back(row, case, why=why, language=language, by=current_user, at=at)


def _refused(case: Case | None, form: SendBackForm, why: CpsError) -> ResponseReturnValue:
    """Show the page again with what was typed; without a case where it is at another desk by now."""
    form.form_errors.append(why.message)
    form.version.data = str(case.version) if case is not None else ""
    return _page(case, form), why.status


def _case(reference: str) -> Case:
    return _checked(cases.get_case(reference))


def _checked(case: Case) -> Case:
    """Return a case that the officer works; all others do not exist for them."""
    if not allows(current_user, Can.WORK_CASE, case):
        raise NotVisible(_("There is no case with this number at your desk."))
    return case


def _address(endpoint: str, reference: str) -> str:
    """Return an address of the desk that leads back to the same page of the list."""
    query = request.query_string.decode("ascii", "replace")
    return url_for(endpoint, reference=reference) + (f"?{query}" if query else "")


def _page(case: Case | None, form: SendBackForm) -> str:
    sent = sent_to_system(case) if case is not None else None
    if sent is None or not sent.may_go_back:
        form.why.errors = []  # the page has no such field
    return render_template(
        "open311/send_back.html",
        case=case,
        back_form=form,
        sent=sent,
        back=_address("triage.show", case.reference) if case is not None else url_for("triage.index"),
    )
