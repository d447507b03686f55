"""Hanging cases under a notice and taking them off, from the notice's page and from a case's."""

from http import HTTPStatus

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases import reference as references
from cps.cases import services
from cps.cases.models import Case
from cps.cases.reference import NotAReference
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.core.security import Can, allows, requires
from cps.notices import queries
from cps.triage.views.desk import bp

MOST_AT_ONCE = 100


@bp.post("/notices/<int:notice_id>/hang")
@requires(Can.MAKE_NOTICES)
def hang_cases(notice_id: int) -> ResponseReturnValue:
    """Hang the chosen cases under a notice; what the officer may not work is left alone."""
    at, wanted = clock.now(), _chosen()
    with transaction():
        notice = queries.lock(notice_id)
        if notice.ends_at <= at:
            raise RuleViolation(_("This notice is over. Make a new one."))
        hung = services.hang([*_workable(wanted)], notice, by=current_user, at=at)
        number = len(hung)
    flash(
        ngettext(
            "%(num)s report hangs under the notice now.", "%(num)s reports hang under the notice now.", number
        )
        if number
        else _("No report was chosen that could hang under it.")
    )
    return _back(notice_id)


@bp.post("/notices/<int:notice_id>/take-off")
@requires(Can.MAKE_NOTICES)
def take_case_off(notice_id: int) -> ResponseReturnValue:
    """Take a case off a notice."""
    with transaction():
        queries.lock(notice_id)
        for case in _workable(_chosen()[:1]):
            services.take_off(case, by=current_user, at=clock.now())
    flash(_("The report hangs under no notice any more."))
    return _back(notice_id)


def _chosen() -> list[str]:
    """Return the references that were sent, those that are none left out."""
    found = []
    for typed in request.form.getlist("case")[:MOST_AT_ONCE]:
        try:
            found.append(references.parse(typed[:40]))
        except NotAReference:
            continue
    return sorted(set(found))


def _workable(wanted: list[str]) -> list[Case]:
    """Return the chosen cases locked, but those that are not at this officer's desk."""
    known = [reference for reference in wanted if cases.find_case(reference) is not None]
    locked = [cases.lock_case(reference) for reference in known]
    return [case for case in locked if allows(current_user, Can.WORK_CASE, case)]


def _back(notice_id: int) -> ResponseReturnValue:
    """Lead back to where the button stood: the page of the case, or that of the notice."""
    try:
        reference = references.parse(request.args.get("from", "")[:40])
    except NotAReference:
        return redirect(url_for(".notice", notice_id=notice_id), HTTPStatus.SEE_OTHER)
    return redirect(url_for(".show", reference=reference), HTTPStatus.SEE_OTHER)
