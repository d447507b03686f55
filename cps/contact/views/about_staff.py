"""An agent hands a case that turns out to be about staff or corruption to the integrity officers."""

from http import HTTPStatus

from flask import flash
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.rules import MoveRefused
from cps.cases.services.about_staff import Finding, make_about_staff
from cps.cases.wording import REFUSALS
from cps.contact.forms import AboutStaffForm
from cps.contact.views.base import asked_call, bp, spend
from cps.contact.views.cases import about_staff_form, case_page, case_to_tell, is_open_to_agent
from cps.contact.views.ending import to_caller
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import language_of
from cps.core.security import Can, requires
from cps.departments import queries as departments


@bp.post("/cases/<reference:reference>/about-staff")
@requires(Can.ANSWER_CALLS)
def about_staff(reference: str) -> ResponseReturnValue:
    """Hand over a case that the agent may read; from then on agents do not know that it is there."""
    case, form = case_to_tell(reference), about_staff_form()
    if not is_open_to_agent(case):
        raise NotVisible(_("There is no case with this number."))
    if not form.validate():
        return case_page(case, about=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _hand_over(reference, form)
    except (MoveRefused, RuleViolation) as refused:
        db.session.rollback()
        form.form_errors.append(_in_words(refused))
        return case_page(case_to_tell(reference), about=form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("The integrity officers have it. It is not to be told on the phone any more."))
    return to_caller(asked_call())


def _hand_over(reference: str, form: AboutStaffForm) -> None:
    at = clock.now()
    with transaction():
        if spend(form, reference, at):
            make_about_staff(cases.lock_case(reference), _found(form), by=current_user, at=at)


def _found(form: AboutStaffForm) -> Finding:
    known, words = departments.catalogue(), form.reason.data or ""
    category = known.offer(form.category.data or "")
    if category is None:
        raise RuleViolation(_("Choose a category from the list."))
    return form.found(category, known.department(form.department.data or ""), language_of(words))


def _in_words(refused: MoveRefused | RuleViolation) -> str:
    return str(REFUSALS[refused.reason]) if isinstance(refused, MoveRefused) else refused.message
