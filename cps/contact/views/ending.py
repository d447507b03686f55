"""Recording what came of a contact: an answer in two clicks, everything else in one short form."""

from http import HTTPStatus

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.contact import queries, services
from cps.contact.forms import CallForm, EndForm
from cps.contact.rules import Call, Ending
from cps.contact.services import Came
from cps.contact.views.base import (
    asked_call,
    bp,
    code_id_of,
    department_choices,
    department_id_of,
    spend,
    values_of,
)
from cps.contact.views.desk import caller_page
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.knowledge import queries as knowledge
from cps.knowledge import services as answers
from cps.knowledge.services import Told


@bp.post("/answered")
@requires(Can.ANSWER_CALLS)
def answered() -> ResponseReturnValue:
    """Record that an article of the answer base was enough: opening it and this are two clicks."""
    form, at = CallForm(), clock.now()
    call = asked_call(request.form)
    article = knowledge.find_slug(request.form.get("answer", "")[:80])
    if article is None or article.published_at is None:
        flash(_("This answer is not there any more."), "warning")
        return to_caller(call)
    day = at.astimezone(g.city.zone).date()
    try:
        with transaction():
            if spend(form, "", at):
                came = Came(Ending.ANSWERED, article_id=article.id)
                services.record(call, came, by=current_user, at=at)
                answers.count_told(article.id, Told.SOLVED, day=day)
    except (AlreadyDone, RuleViolation) as refused:
        flash(refused.message, "warning")
        return to_caller(call)
    flash(_("Recorded: answered at once."))
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.post("/end")
@requires(Can.ANSWER_CALLS)
def end() -> ResponseReturnValue:
    """End a contact with what came of it."""
    form = EndForm()
    form.offer_codes(queries.codes())
    form.offer_departments(department_choices())
    if not form.validate():
        return caller_page(asked_call(request.form), end=form), HTTPStatus.UNPROCESSABLE_ENTITY
    call, at = form.as_call(), clock.now()
    try:
        with transaction():
            if spend(form, "", at):
                services.record(call, _came(form), by=current_user, at=at)
    except (AlreadyDone, RuleViolation) as refused:
        form.form_errors.append(refused.message)
        return caller_page(call, end=form), refused.status
    flash(_("The contact is recorded."))
    if form.ending.data == Ending.ABUSIVE.value:
        return to_caller(call)
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _came(form: EndForm) -> Came:
    ending = Ending(form.ending.data)
    return Came(
        ending,
        department_id=department_id_of(form.department.data) if ending is Ending.HANDED_OVER else None,
        code_id=code_id_of(form),
        note=form.note.data or "",
    )


def to_caller(call: Call) -> ResponseReturnValue:
    """Lead back to the page of the caller."""
    return redirect(url_for(".index", **values_of(call)), HTTPStatus.SEE_OTHER)
