"""Steps against abusive calls, as docs/contact-centre.md orders them."""

from dataclasses import replace
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.contact import queries, services
from cps.contact.forms import ReasonForm
from cps.contact.views.base import asked_call, bp, frame
from cps.contact.views.desk import caller_page
from cps.contact.wording import STEPS
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires


@bp.post("/callers/<int:caller_id>/warn")
@requires(Can.ANSWER_CALLS)
def warn(caller_id: int) -> ResponseReturnValue:
    """Note that a caller was warned."""
    return _step(caller_id, is_limit=False)


@bp.post("/callers/<int:caller_id>/limit")
@requires(Can.MANAGE_CALLS)
def limit(caller_id: int) -> ResponseReturnValue:
    """Let agents end this person's calls for two weeks, unless somebody is in danger."""
    return _step(caller_id, is_limit=True)


def _step(caller_id: int, *, is_limit: bool) -> ResponseReturnValue:
    form, at = ReasonForm(), clock.now()
    said = _("Calls are limited. A colleague looks at it.") if is_limit else _("The warning is noted.")
    words = (form.reason.data or "") if form.validate() else ""
    try:
        with transaction():
            caller = queries.lock_caller(caller_id)
            if is_limit:
                services.limit(caller, words, by=current_user, at=at)
            else:
                services.warn(caller, words, contact_id=None, by=current_user, at=at)
    except RuleViolation as refused:
        form.form_errors.append(refused.message)
        return caller_page(replace(asked_call({}), caller_id=caller_id), reason=form), refused.status
    flash(said)
    return redirect(url_for(".index", caller=caller_id), HTTPStatus.SEE_OTHER)


@bp.get("/warnings")
@requires(Can.MANAGE_CALLS)
def warnings() -> ResponseReturnValue:
    """Show the steps that a colleague has to look at."""
    rows = queries.warnings_to_review(clock.now())
    callers = {row.caller_id: queries.caller(row.caller_id) for row in rows}
    return render_template(
        "contact/warnings.html",
        rows=rows,
        callers=callers,
        form=ReasonForm(formdata=None),
        steps=STEPS,
        **frame("warnings"),
    )


@bp.post("/warnings/<int:warning_id>/review")
@requires(Can.MANAGE_CALLS)
def review(warning_id: int) -> ResponseReturnValue:
    """Let a step of a colleague stand, or lift it."""
    form, lifts = ReasonForm(), request.form.get("act") == "lift"
    form.validate()
    try:
        with transaction():
            found = queries.lock_warning(warning_id)
            services.review(found, form.reason.data or "", lifts=lifts, by=current_user, at=clock.now())
    except (AlreadyDone, RuleViolation) as refused:
        flash(refused.message, "warning")
        return redirect(url_for(".warnings"), HTTPStatus.SEE_OTHER)
    flash(_("It is lifted.") if lifts else _("It stands."))
    return redirect(url_for(".warnings"), HTTPStatus.SEE_OTHER)
