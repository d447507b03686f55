"""Answering a case that was handed over, parting joined cases, handing one to the integrity officers."""

from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases import services
from cps.cases.models import Case
from cps.cases.services import Refused
from cps.cases.services.about_staff import make_about_staff
from cps.core import clock
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.triage.forms import NO_CATEGORY, AboutStaffForm, RefuseForm
from cps.triage.rules import Act
from cps.triage.views.desk import bp
from cps.triage.views.opened import Open
from cps.triage.views.perform import perform
from cps.triage.views.proposal_steps import language_of


@bp.post("/<reference:reference>/accept")
@requires(Can.WORK_CASES)
def accept(reference: str) -> ResponseReturnValue:
    """Say that a case that was handed over is the department's."""

    def do(case: Case, _desk: Open) -> None:
        services.accept(case, by=current_user, at=clock.now())

    return perform(reference, Act.ACCEPT, do, _("The case is with your department now."))


@bp.post("/<reference:reference>/refuse")
@requires(Can.WORK_CASES)
def refuse(reference: str) -> ResponseReturnValue:
    """Say that it is not, why, and whose it is."""

    def do(case: Case, desk: Open) -> None:
        form = desk.sent_as(RefuseForm)
        names = departments.department_by_code(form.department.data) if form.department.data else None
        said = Refused(form.words, language_of(form.words), names, form.whose.data or "")
        services.refuse(case, said, by=current_user, at=clock.now())

    return perform(reference, Act.REFUSE, do, _("The case went back. The resident was told why."))


@bp.post("/<reference:reference>/unjoin")
@requires(Can.WORK_CASES)
def unjoin(reference: str) -> ResponseReturnValue:
    """Let a case that was joined to another be handled by itself again."""

    def lock(desk: Open) -> Case:
        other = desk.case.joined_to
        if other is None:
            raise RuleViolation(_("This case is not joined to another."))
        return cases.lock_pair(desk.case.reference, other.reference)[0]

    def do(case: Case, desk: Open) -> None:
        if case.joined_to is None:
            raise RuleViolation(_("This case is not joined to another."))
        words = desk.forms[Act.UNJOIN].words
        services.part(
            case,
            case.joined_to,
            by=current_user,
            at=clock.now(),
            message=words,
            language=language_of(words),
        )

    return perform(reference, Act.UNJOIN, do, _("The case is handled by itself again."), lock=lock)


@bp.post("/<reference:reference>/about-staff")
@requires(Can.WORK_CASES)
def about_staff(reference: str) -> ResponseReturnValue:
    """Hand a case about staff or corruption to the integrity officers; from then on it is not here."""

    def do(case: Case, desk: Open) -> None:
        form = desk.sent_as(AboutStaffForm)
        category = desk.catalogue.offer(form.category.data)
        if category is None:
            raise RuleViolation(str(NO_CATEGORY))
        names = desk.catalogue.department(form.department.data or "")
        found = form.found(category, names, language_of(form.words))
        make_about_staff(case, found, by=current_user, at=clock.now())

    done = _("The integrity officers have it. It is not at your desk any more.")
    return perform(reference, Act.ABOUT_STAFF, do, done)
