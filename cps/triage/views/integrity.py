"""Complaints about staff or corruption, for their integrity officers: whom one names, who reported it."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.models import Case
from cps.cases.policy import forget_reach, reach_of
from cps.cases.queries import integrity as queries
from cps.cases.services import integrity as services
from cps.cases.services.integrity import About
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import NotVisible, RuleViolation, StaleVersion
from cps.core.forms import spend_key
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, requires
from cps.departments import queries as departments
from cps.triage import presenting
from cps.triage.integrity_forms import AboutForm, OrdinaryForm, ReasonForm
from cps.triage.proposal_forms import StepForm
from cps.triage.queries import account_of
from cps.triage.views.desk import bp
from cps.triage.views.integrity_page import offered_about, offered_ordinary, page
from cps.triage.views.proposal_steps import language_of, unit_id

Change = Callable[[Case], None]


@bp.get("/integrity")
@requires(Can.HANDLE_INTEGRITY)
def integrity() -> ResponseReturnValue:
    """Show who may read reporters, and to these two who did so and why."""
    readers = queries.readers()
    is_reader = any(row.account_id == current_user.id for row in readers)
    reads = queries.reads_of_reporters(reach_of(current_user).barred) if is_reader else []
    return render_template("triage/integrity.html", readers=readers, is_reader=is_reader, reads=reads)


@bp.get("/<reference:reference>/integrity")
@requires(Can.HANDLE_INTEGRITY)
def integrity_case(reference: str) -> ResponseReturnValue:
    """Show whom a complaint names, and what else only integrity officers decide."""
    return page(_at_desk(cases.get_case(reference)))


@bp.post("/<reference:reference>/integrity/about")
@requires(Can.HANDLE_INTEGRITY)
def name_in_case(reference: str) -> ResponseReturnValue:
    """Correct whom it names and who never sees it."""
    form = offered_about(AboutForm())

    def correct(case: Case) -> None:
        about = About(unit_id(form.department.data), form.person.data or "")
        barred = {int(key) for key in form.barred.data or []}
        services.set_about(case, about, barred, by=current_user, at=clock.now())

    done = _("Saved. Whom it names does not see it.")
    return _decide(reference, form, correct, again=lambda case: page(case, about=form), done=done)


@bp.post("/<reference:reference>/integrity/ordinary")
@requires(Can.HANDLE_INTEGRITY)
def make_ordinary(reference: str) -> ResponseReturnValue:
    """Give a complaint that is not about staff to a department."""
    form = offered_ordinary(OrdinaryForm())

    def give(case: Case) -> None:
        category, why = departments.catalogue().offer(form.category.data), form.message.data or ""
        if category is None:
            raise RuleViolation(_("Choose a category from the list."))
        services.make_ordinary(
            case, category, by=current_user, at=clock.now(), reason=why, language=language_of(why)
        )

    done = _("The department has it now.")
    return _decide(reference, form, give, again=lambda case: page(case, ordinary=form), done=done)


@bp.post("/<reference:reference>/integrity/reporter")
@requires(Can.HANDLE_INTEGRITY)
def open_reporter(reference: str) -> ResponseReturnValue:
    """Show one of the two named people who reported it, and record it with the reason."""
    form = ReasonForm()
    case = _named_to_read(cases.get_case(reference))
    if not form.validate():
        return page(case, reason=form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction():
        case = _named_to_read(cases.lock_case(reference))
        services.open_reporter(case, by=current_user, at=clock.now(), reason=form.reason.data or "")
    case = cases.get_case(reference)
    cases.show_originals([case])
    reporter = presenting.reporter_of(cases.contact_of(case.id), account_of(case.reporter_id))
    return page(case, reporter=reporter)


def _at_desk(case: Case) -> Case:
    if not (case.is_integrity and allows(current_user, Can.WORK_CASE, case)):
        raise NotVisible(_("There is no case with this number at your desk."))
    return case


def _named_to_read(case: Case) -> Case:
    if not allows(current_user, Can.SEE_REPORTER, _at_desk(case)):
        raise NotVisible(_("There is no case with this number at your desk."))
    return case


def _decide(
    reference: str, form: StepForm, change: Change, *, again: Callable[[Case], str], done: str
) -> ResponseReturnValue:
    """Change the case once, as it was seen; else render it again with what was typed and what to do."""
    case = _at_desk(cases.get_case(reference))
    if not (form.validate() and form.form_key.data):
        return again(case), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _change_once(reference, form, change)
    except (RuleViolation, StaleVersion) as refused:
        return again(_seen_anew(reference, form, refused.message)), refused.status
    flash(done)
    return _lead_on(reference)


def _change_once(reference: str, form: StepForm, change: Change) -> None:
    with transaction():
        case = _at_desk(cases.lock_case(reference))
        if not spend_key(form.key, purpose="integrity", leads_to=reference, at=clock.now()):
            return
        if form.version.data != case.version:
            raise StaleVersion(_("Somebody changed this case meanwhile. Here it is as it stands now."))
        change(case)


def _seen_anew(reference: str, form: StepForm, problem: str) -> Case:
    """Return the case as it stands now, with the form ready to be sent again after a look."""
    db.session.rollback()
    forget_reach(current_user)
    case = _at_desk(cases.get_case(reference))
    form.form_errors.append(problem)
    form.version.data = case.version
    return case


def _lead_on(reference: str) -> ResponseReturnValue:
    """Lead back to the page, or to the desk: who barred themselves does not see the case any more."""
    forget_reach(current_user)
    case = cases.get_case(reference)
    stays = case.is_integrity and allows(current_user, Can.WORK_CASE, case)
    address = url_for(".integrity_case", reference=reference) if stays else url_for(".index")
    return redirect(address, HTTPStatus.SEE_OTHER)
