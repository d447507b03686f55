"""Complaints about staff or corruption, for their integrity officers: whom one names, who reported it."""

from collections.abc import Callable
from dataclasses import dataclass
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
from cps.core.i18n import localized
from cps.core.security import Can, allows, requires
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.triage import presenting
from cps.triage.integrity_forms import AboutForm, OrdinaryForm, ReasonForm
from cps.triage.presenting import Reporter
from cps.triage.proposal_forms import StepForm
from cps.triage.queries import account_of
from cps.triage.views.desk import bp
from cps.triage.views.proposal_steps import language_of, unit_code, unit_id, units


@dataclass(slots=True)
class Sent:
    """The form that was sent and goes on as it is; the others are fresh."""

    about: AboutForm | None = None
    reason: ReasonForm | None = None
    ordinary: OrdinaryForm | None = None


NOTHING_SENT = Sent()


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
    return _page(_at_desk(cases.get_case(reference)))


@bp.post("/<reference:reference>/integrity/about")
@requires(Can.HANDLE_INTEGRITY)
def name_in_case(reference: str) -> ResponseReturnValue:
    """Correct whom it names and who never sees it."""
    form = AboutForm()
    _offer_about(form)

    def write(case: Case) -> None:
        about = About(unit_id(form.department.data), form.person.data or "")
        barred = {int(key) for key in form.barred.data or []}
        services.set_about(case, about, barred, by=current_user, at=clock.now())

    return _do(reference, form, write, Sent(about=form), _("Saved. Whom it names does not see it."))


@bp.post("/<reference:reference>/integrity/ordinary")
@requires(Can.HANDLE_INTEGRITY)
def make_ordinary(reference: str) -> ResponseReturnValue:
    """Give a complaint that is not about staff to a department."""
    form = OrdinaryForm()
    _offer_ordinary(form)

    def write(case: Case) -> None:
        category = departments.catalogue().offer(form.category.data)
        if category is None:
            raise RuleViolation(_("Choose a category from the list."))
        words = form.message.data or ""
        services.make_ordinary(
            case, category, by=current_user, at=clock.now(), reason=words, language=language_of(words)
        )

    return _do(reference, form, write, Sent(ordinary=form), _("The department has it now."))


@bp.post("/<reference:reference>/integrity/reporter")
@requires(Can.HANDLE_INTEGRITY)
def open_reporter(reference: str) -> ResponseReturnValue:
    """Show one of the two named people who reported it, and record it with the reason."""
    form = ReasonForm()
    case = _named_to_read(cases.get_case(reference))
    if not form.validate():
        return _page(case, Sent(reason=form)), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction():
        case = _named_to_read(cases.lock_case(reference))
        services.open_reporter(case, by=current_user, at=clock.now(), reason=form.reason.data or "")
    case = cases.get_case(reference)
    cases.show_originals([case])
    reporter = presenting.reporter_of(cases.contact_of(case.id), account_of(case.reporter_id))
    return _page(case, reporter=reporter)


def _at_desk(case: Case) -> Case:
    if not (case.is_integrity and allows(current_user, Can.WORK_CASE, case)):
        raise NotVisible(_("There is no case with this number at your desk."))
    return case


def _named_to_read(case: Case) -> Case:
    if not allows(current_user, Can.SEE_REPORTER, _at_desk(case)):
        raise NotVisible(_("There is no case with this number at your desk."))
    return case


def _do(
    reference: str, form: StepForm, write: Callable[[Case], None], sent: Sent, done: str
) -> ResponseReturnValue:
    """Do it once on the case as it was seen, or show the page again with what was typed and what to do."""
    case = _at_desk(cases.get_case(reference))
    if not (form.validate() and form.form_key.data):
        return _page(case, sent), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _write(reference, form, write)
    except (RuleViolation, StaleVersion) as refused:
        db.session.rollback()
        forget_reach(current_user)
        form.form_errors.append(refused.message)
        case = _at_desk(cases.get_case(reference))
        form.version.data = case.version
        return _page(case, sent), refused.status
    flash(done)
    forget_reach(current_user)  # whoever bars themselves is not led back
    case = cases.get_case(reference)
    stays = case.is_integrity and allows(current_user, Can.WORK_CASE, case)
    leads_to = url_for(".integrity_case", reference=reference) if stays else url_for(".index")
    return redirect(leads_to, HTTPStatus.SEE_OTHER)


def _write(reference: str, form: StepForm, write: Callable[[Case], None]) -> None:
    with transaction():
        case = _at_desk(cases.lock_case(reference))
        if not spend_key(form.key, purpose="integrity", leads_to=reference, at=clock.now()):
            return
        if form.version.data != case.version:
            raise StaleVersion(_("Somebody changed this case meanwhile. Here it is as it stands now."))
        write(case)


def _page(case: Case, sent: Sent = NOTHING_SENT, *, reporter: Reporter | None = None) -> str:
    report = queries.report_of(case.id)
    about, ordinary = sent.about, sent.ordinary
    if about is None:
        about = AboutForm(formdata=None, version=case.version)
        about.department.data = unit_code(report.about_department_id) if report else ""
        about.person.data = report.about_person if report else ""
        about.barred.data = [str(key) for key in queries.bars_of(case.id)]
        _offer_about(about)
    if ordinary is None:
        ordinary = OrdinaryForm(formdata=None, version=case.version)
        _offer_ordinary(ordinary)
    return render_template(
        "triage/integrity_case.html",
        case=case,
        about=about,
        ordinary=ordinary,
        reason=sent.reason or ReasonForm(formdata=None),
        readers=queries.readers(),
        may_see_reporter=allows(current_user, Can.SEE_REPORTER, case),
        reporter=reporter,
    )


def _offer_about(form: AboutForm) -> None:
    officers = [(str(one.id), one.display_name or one.email) for one in queries.integrity_officers()]
    form.offer(units(), officers)


def _offer_ordinary(form: OrdinaryForm) -> None:
    catalogue = departments.catalogue()

    def name(one: KnownCategory) -> str:
        return f"{localized(one.name)} · {localized(catalogue.departments[one.department_id].name)}"

    form.offer([(one.code, name(one)) for one in catalogue.offered() if not one.is_integrity])
