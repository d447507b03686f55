"""The page of what only integrity officers decide of a complaint, with its forms."""

from flask import render_template
from flask_login import current_user

from cps.cases.models import Case
from cps.cases.queries import integrity as queries
from cps.core.i18n import localized
from cps.core.security import Can, allows
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.triage.integrity_forms import AboutForm, OrdinaryForm, ReasonForm
from cps.triage.presenting import Reporter
from cps.triage.views.proposal_steps import unit_code, units


def page(
    case: Case,
    *,
    about: AboutForm | None = None,
    ordinary: OrdinaryForm | None = None,
    reason: ReasonForm | None = None,
    reporter: Reporter | None = None,
) -> str:
    """Render the page; a form that was sent goes on as it is, the others are fresh."""
    return render_template(
        "triage/integrity_case.html",
        case=case,
        about=about or _fresh_about(case),
        ordinary=ordinary or offered_ordinary(OrdinaryForm(formdata=None, version=case.version)),
        reason=reason or ReasonForm(formdata=None),
        readers=queries.readers(),
        may_see_reporter=allows(current_user, Can.SEE_REPORTER, case),
        reporter=reporter,
    )


def _fresh_about(case: Case) -> AboutForm:
    """Return the form of whom a complaint names, filled with what is known."""
    form, report = AboutForm(formdata=None, version=case.version), queries.report_of(case.id)
    if report is not None:
        form.department.data, form.person.data = unit_code(report.about_department_id), report.about_person
    form.barred.data = [str(key) for key in queries.bars_of(case.id)]
    return offered_about(form)


def offered_about(form: AboutForm) -> AboutForm:
    """Give the form of whom a complaint names its departments and integrity officers."""
    officers = [(str(one.id), one.display_name or one.email) for one in queries.integrity_officers()]
    form.offer(units(), officers)
    return form


def offered_ordinary(form: OrdinaryForm) -> OrdinaryForm:
    """Give the form of an ordinary case its categories, each with the department that would get it."""
    known = departments.catalogue()
    form.offer([(one.code, _with_department(one)) for one in known.offered() if not one.is_integrity])
    return form


def _with_department(category: KnownCategory) -> str:
    return f"{localized(category.name)} · {localized(category.department.name)}"
