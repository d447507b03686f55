"""One's helpers, and whom one helps."""

from datetime import timedelta

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import queries as accounts
from cps.core import clock, tries
from cps.core.crockford import grouped
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation, TooMany
from cps.core.forms import spend_key
from cps.core.i18n import gettext as _
from cps.core.limits import Limit
from cps.core.security import Can, requires
from cps.helpers import queries, services
from cps.helpers.forms import AcceptForm, NameForm
from cps.helpers.models import HelperConsent
from cps.helpers.rules import ASKED_FOR, HelperScope
from cps.helpers.wording import SCOPES

bp = Blueprint("helpers", __name__, url_prefix="/accounts/me/helpers")
BLUEPRINTS = (bp,)

NAMED = Limit("helper-named", 20, timedelta(days=1))
ACCEPTED = Limit("helper-accepted", 15, timedelta(hours=1))


@bp.get("")
@requires(Can.USE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """Show who helps one, and whom one helps."""
    return _show()


@bp.post("")
@requires(Can.USE_OWN_ACCOUNT)
def name() -> ResponseReturnValue:
    """Name a helper: ask the owner of an address, or show a code once."""
    form = NameForm()
    if not form.validate():
        return _show(form), 422
    try:
        tries.count(NAMED, f"account {current_user.id}")
        code = _name(form)
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show(form))
    except RuleViolation as refused:
        form.form_errors.append(refused.message)
        return _show(form), 422
    if code:
        until = clock.now() + ASKED_FOR
        return render_template("helpers/code.html", code=grouped(code), until=until)
    return redirect(url_for(".index"), 303)


def _name(form: NameForm) -> str:
    """Return the code, "" where the owner of an address is asked, or the form was sent before."""
    scope, at = HelperScope(form.scope.data), clock.now()
    with transaction():
        resident = accounts.lock_account(current_user.id)
        if not spend_key(f"helper:{form.form_key.data}", purpose="helper", leads_to="", at=at):
            return ""
        if not form.normal:
            return services.name_by_code(resident, scope, at=at)
        services.name_by_address(resident, scope, form.normal, at=at)
    flash(_("Your helper finds your wish under Me, Helpers, and can say yes within seven days."))
    return ""


@bp.post("/accept")
@requires(Can.USE_OWN_ACCOUNT)
def accept() -> ResponseReturnValue:
    """Say yes to helping somebody, by their code or to the wish that waits here."""
    form, at = AcceptForm(), clock.now()
    if not form.validate():
        return _show(accepting=form), 422
    try:
        tries.count(ACCEPTED, f"account {current_user.id}")
        with transaction():
            helper = accounts.lock_account(current_user.id)
            consent = _waiting(form)
            services.accept(consent, helper, form.name.data or "", at=at)
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show(accepting=form))
    except RuleViolation as refused:
        form.form_errors.append(refused.message)
        return _show(accepting=form), 422
    flash(_("You can report problems for this person now."), "success")
    return redirect(url_for(".index"), 303)


def _waiting(form: AcceptForm) -> HelperConsent:
    if form.asked_id is not None:
        consent = queries.lock_asked(form.asked_id, current_user.id, at=clock.now())
    else:
        consent = queries.lock_of_code(form.read_code, at=clock.now())
    if consent is None:
        raise RuleViolation(_("This code or wish is not known, or it is too old. Ask for a new one."))
    return consent


@bp.get("/<int:consent_id>")
@requires(Can.USE_OWN_ACCOUNT)
def cases(consent_id: int) -> ResponseReturnValue:
    """Show the cases with which one helps somebody."""
    consent = queries.open_consent(consent_id, current_user.id)
    if consent is None:
        raise NotVisible(_("You do not help this person, or not any more."))
    page = queries.cases_of(consent, after=request.args.get("after"))
    return render_template(
        "helpers/cases.html",
        consent=consent,
        name=queries.name_of(consent.resident_id),
        rows=page.rows,
        next=url_for(".cases", consent_id=consent_id, after=page.next_key) if page.next_key else None,
        first=url_for(".cases", consent_id=consent_id) if request.args.get("after") else None,
    )


@bp.post("/<int:consent_id>/end")
@requires(Can.USE_OWN_ACCOUNT)
def end(consent_id: int) -> ResponseReturnValue:
    """End it at once, as either of the two; take back a wish that still waits, or say no to it."""
    with transaction():
        accounts.lock_account(current_user.id)
        consent = queries.lock_consent(consent_id)
        if consent is None or current_user.id not in {consent.resident_id, consent.helper_id}:
            consent = queries.lock_asked(consent_id, current_user.id, at=clock.now())
        if consent is None:
            raise NotVisible(_("You do not help this person, or not any more."))
        services.end(consent, by=current_user.id, at=clock.now())
    flash(_("It is ended."))
    return redirect(url_for(".index"), 303)


def _show(form: NameForm | None = None, accepting: AcceptForm | None = None) -> str:
    named = queries.of_resident(current_user.id)
    return render_template(
        "helpers/index.html",
        form=form or NameForm(formdata=None),
        accepting=accepting or AcceptForm(formdata=None, name=current_user.display_name),
        helping_me=[one for one in named if one.is_open],
        waiting=[one for one in named if one.expires_at is not None and one.expires_at > clock.now()],
        ended=[one for one in named if one.ended_at is not None],
        helped=queries.open_of_helper(current_user.id),
        asked=queries.asked(current_user.id, at=clock.now()),
        scopes=SCOPES,
    )
