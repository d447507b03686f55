"""The form of an act on many cases: offered, filled with what was planned, and read."""

from flask_login import current_user

from cps.cases import queries as cases
from cps.cases import reference as references
from cps.cases.models import Case
from cps.cases.policy import reach_of
from cps.cases.reference import NotAReference
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, allows
from cps.departments import queries as departments
from cps.departments.choices import by_group
from cps.triage.views.proposal_steps import language_of
from cps.triage.work import queries
from cps.triage.work.forms import NOBODY, BulkForm
from cps.triage.work.models import DeskAct
from cps.triage.work.rules import CHOOSING, TELLING, BulkAct, Wanted
from cps.triage.work.wording import MOVES


def sent_form() -> BulkForm:
    """Return the form that was sent."""
    return _offered(BulkForm())


def form_of(act: DeskAct) -> BulkForm:
    """Return the form with what was planned before, if anything was."""
    form = _offered(BulkForm(formdata=None))
    if act.kind == CHOOSING:
        return form
    wanted, known = Wanted.of_json(act.wanted), departments.catalogue()
    form.act.data, form.message.data = wanted.act.value, wanted.message
    form.account.data = str(wanted.to_account or NOBODY) if wanted.act is BulkAct.ASSIGN else ""
    if wanted.category_id is not None:
        form.category.data = known.categories[wanted.category_id].code
    if wanted.department_id is not None:
        form.department.data = known.departments[wanted.department_id].code
    form.priority.data = wanted.priority.value if wanted.priority else ""
    moves = {to: value for value, to in MOVES.items()}
    form.move.data = moves[wanted.status, wanted.outcome] if wanted.status else ""
    form.into.data = _number_of(wanted.into_id)
    form.whose.data = wanted.told.get("whose", "")
    form.reason.data = wanted.told.get("reason", {}).get("code", "")
    return form


def _number_of(case_id: int | None) -> str:
    known = queries.cases_by_id([case_id]) if case_id is not None else {}
    return "".join(references.display(case.reference) for case in known.values())


def _offered(form: BulkForm) -> BulkForm:
    known = departments.catalogue()
    colleagues = [(str(one.id), one.display_name) for one in queries.colleagues(reach_of(current_user))
                  if one.id != current_user.id]  # fmt: skip
    form.offer(
        [(str(current_user.id), _("Me")), *colleagues],
        by_group(known.offered()),
        [(one.code, localized(one.name)) for one in known.departments.values() if one.is_active],
        departments.offered_reasons(),
    )
    return form


def wanted_of(form: BulkForm) -> Wanted:
    """Return what a form that is right asks for; raises RuleViolation where no case can be joined to that."""
    act, known = BulkAct(form.act.data), departments.catalogue()
    category = known.category(form.category.data) if act is BulkAct.CATEGORY else None
    department = known.department(form.department.data) if act is BulkAct.TRANSFER else None
    into = _case_to_join(form.into.data or "") if act is BulkAct.JOIN else None
    is_given = act is BulkAct.ASSIGN and form.account.data != NOBODY
    status, outcome = form.chosen_move
    message = (form.message.data or "") if act in TELLING else ""
    return Wanted(
        act,
        to_account=int(form.account.data) if is_given else None,
        category_id=category.id if category else None,
        department_id=department.id if department else None,
        priority=form.chosen_priority,
        status=status,
        outcome=outcome,
        into_id=into.id if into else None,
        message=message,
        language=language_of(message) if message else "",
        told=form.told,
    )


def _case_to_join(typed: str) -> Case:
    try:
        case = cases.find_case(references.parse(typed))
    except NotAReference:
        case = None
    if case is None or not allows(current_user, Can.SEE_CASE, case):
        raise RuleViolation(_("There is no case with this number. Please compare it."))
    if not case.is_listed:
        raise RuleViolation(_("A case can only be joined to one that everybody can see."))
    if case.joined_to_id is not None:
        raise RuleViolation(_("Choose another case that is not joined to one itself."))
    return case
