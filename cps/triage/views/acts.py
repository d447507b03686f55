"""What an officer does to a case, one view for each act; how an act is done stands in `perform`."""

from typing import TypedDict

from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases import reference as references
from cps.cases import services
from cps.cases.models import Case
from cps.cases.policy import reach_of
from cps.cases.reference import NotAReference
from cps.cases.rules import Priority, Status
from cps.cases.services import MoreTime
from cps.core import audit, clock
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, requires
from cps.departments import queries as departments
from cps.triage import presenting, queries
from cps.triage.forms import (
    NO_CATEGORY,
    NO_DEPARTMENT,
    DecideForm,
    ExtendForm,
    JoinForm,
    ReplyForm,
    SortForm,
    TransferForm,
)
from cps.triage.rules import Act
from cps.triage.views.desk import bp
from cps.triage.views.more_time import in_words
from cps.triage.views.opened import Open, open_case
from cps.triage.views.page import case_page
from cps.triage.views.perform import perform
from cps.triage.views.proposal_steps import language_of


class Said(TypedDict):
    """Words with their language."""

    message: str
    language: str


def _said(words: str) -> Said:
    """Return words with their language: told by its script, else the one the officer works in."""
    return Said(message=words, language=language_of(words))


@bp.post("/<reference:reference>/take")
@requires(Can.WORK_CASES)
def take(reference: str) -> ResponseReturnValue:
    """Make the officer responsible."""

    def do(case: Case, _desk: Open) -> None:
        services.take(case, by=current_user, at=clock.now())

    return perform(reference, Act.TAKE, do, _("The case is yours."))


@bp.post("/<reference:reference>/release")
@requires(Can.WORK_CASES)
def release(reference: str) -> ResponseReturnValue:
    """Give the case back to the department."""

    def do(case: Case, _desk: Open) -> None:
        services.release(case, by=current_user, at=clock.now())

    return perform(reference, Act.RELEASE, do, _("The case is back with the department."))


@bp.post("/<reference:reference>/read")
@requires(Can.WORK_CASES)
def read(reference: str) -> ResponseReturnValue:
    """Note that the reporter's reply was read and needs no answer."""

    def do(case: Case, _desk: Open) -> None:
        services.mark_read(case, by=current_user, at=clock.now())

    return perform(reference, Act.READ, do, _("The reply is marked as read."))


@bp.post("/<reference:reference>/reply")
@requires(Can.WORK_CASES)
def reply(reference: str) -> ResponseReturnValue:
    """Say something to the resident, and move the case where asked."""

    def do(case: Case, desk: Open) -> None:
        form = desk.sent_as(ReplyForm)
        if form.to.data:
            _assign_if_free(case)
            to = Status(form.to.data)
            services.move(case, to, by=current_user, at=clock.now(), asks=form.asks, **_said(form.words))
        else:
            services.update(case, by=current_user, at=clock.now(), **_said(form.words))

    return perform(reference, Act.REPLY, do, _("Sent to the resident and everybody who follows."))


def _assign_if_free(case: Case) -> None:
    """Let whoever moves a case of their own department have it, when nobody has."""
    if case.assignee_id is None and case.department_id in reach_of(current_user).departments:
        services.assign(case, current_user, by=current_user, at=clock.now())


@bp.post("/<reference:reference>/reopen")
@requires(Can.WORK_CASES)
def reopen(reference: str) -> ResponseReturnValue:
    """Open a closed case again."""

    def do(case: Case, desk: Open) -> None:
        _assign_if_free(case)
        words = _said(desk.forms[Act.REOPEN].words)
        services.move(case, Status.IN_PROGRESS, by=current_user, at=clock.now(), **words)

    return perform(reference, Act.REOPEN, do, _("The case is open again."))


@bp.post("/<reference:reference>/extend")
@requires(Can.WORK_CASES)
def extend(reference: str) -> ResponseReturnValue:
    """Promise a later date with a public reason, or ask a supervisor for it."""

    def do(case: Case, desk: Open) -> None:
        form = desk.sent_as(ExtendForm)
        said = _said(form.message.data or "")
        more = MoreTime(int(form.days.data), form.reason.data or "", said["message"], said["language"])
        in_words(lambda: services.extend(case, more, by=current_user, at=clock.now()))

    return perform(reference, Act.EXTEND, do, _how_it_was_extended)


def _how_it_was_extended(case: Case) -> str:
    if cases.waiting_request(case.id) is not None:
        return _("A supervisor has to say yes before the later date counts.")
    return _("The later date is promised. Everybody who follows the case is told.")


@bp.post("/<reference:reference>/decide")
@requires(Can.WORK_CASES)
def decide(reference: str) -> ResponseReturnValue:
    """Say yes or no to a request for more time."""

    def do(case: Case, desk: Open) -> None:
        form, by, at = desk.sent_as(DecideForm), current_user, clock.now()
        in_words(lambda: services.decide(case, is_granted=form.is_granted, by=by, at=at, why=form.words))

    return perform(reference, Act.DECIDE, do, _("Decided."))


@bp.post("/<reference:reference>/transfer")
@requires(Can.WORK_CASES)
def transfer(reference: str) -> ResponseReturnValue:
    """Hand the case to another department with a public reason."""

    def do(case: Case, desk: Open) -> None:
        form = desk.sent_as(TransferForm)
        department = departments.department_by_code(form.department.data)
        if department is None:
            raise RuleViolation(str(NO_DEPARTMENT))
        said = _said(form.words)
        services.transfer(
            case,
            department,
            by=current_user,
            at=clock.now(),
            reason=said["message"],
            language=said["language"],
        )

    return perform(reference, Act.TRANSFER, do, _("The case is with the other department."))


@bp.post("/<reference:reference>/sort")
@requires(Can.WORK_CASES)
def sort(reference: str) -> ResponseReturnValue:
    """Correct category and priority."""

    def do(case: Case, desk: Open) -> None:
        form = desk.sent_as(SortForm)
        category = departments.category_by_code(form.chosen)
        if category is None:
            raise RuleViolation(str(NO_CATEGORY))
        services.categorise(case, category, by=current_user, at=clock.now())
        services.prioritise(case, Priority(form.priority.data), by=current_user, at=clock.now())

    return perform(reference, Act.SORT, do, _("Saved."))


@bp.post("/<reference:reference>/note")
@requires(Can.WORK_CASES)
def note(reference: str) -> ResponseReturnValue:
    """Leave a note for staff."""

    def do(case: Case, desk: Open) -> None:
        services.note(case, desk.forms[Act.NOTE].words, by=current_user, at=clock.now())

    return perform(reference, Act.NOTE, do, _("The note is saved."))


@bp.post("/<reference:reference>/join")
@requires(Can.WORK_CASES)
def join(reference: str) -> ResponseReturnValue:
    """Close the case as a duplicate of another."""

    def do(case: Case, desk: Open) -> None:
        form = desk.sent_as(JoinForm)
        other = _other(form.into.data or "")
        services.join(case, other, by=current_user, at=clock.now(), **_said(form.words))

    def lock(desk: Open) -> Case:
        other = _other(desk.sent_as(JoinForm).into.data or "")
        return cases.lock_pair(desk.case.reference, other.reference)[0]

    return perform(reference, Act.JOIN, do, _("The cases are joined."), lock=lock)


def _other(typed: str) -> Case:
    """Return the case of a number; once both are locked it is the locked one."""
    try:
        other = cases.find_case(references.parse(typed))
    except NotAReference:
        other = None
    if other is None or not allows(current_user, Can.SEE_CASE, other):
        raise RuleViolation(_("There is no case with this number. Please compare it."))
    return other


@bp.post("/<reference:reference>/contact")
@requires(Can.WORK_CASES)
def contact(reference: str) -> ResponseReturnValue:
    """Show how to reach the reporter, and record that somebody looked. About staff see `integrity`."""
    with transaction():
        case = cases.lock_case(reference)
        if case.is_integrity or not allows(current_user, Can.SEE_REPORTER, case):
            raise NotVisible(_("There is no case with this number at your desk."))
        audit.record_access(
            "contact", by=current_user.id, at=clock.now(), subject_id=case.reporter_id, case_id=case.id
        )
    desk = open_case(reference)
    account = queries.account_of(desk.case.reporter_id)
    desk.reporter = presenting.reporter_of(cases.contact_of(desk.case.id), account)
    return case_page(desk)
