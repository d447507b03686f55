"""What an officer does to a case: each act once, only on the case as it was seen, with what was typed kept."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import flash, g, redirect
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases import reference as references
from cps.cases import services
from cps.cases.models import Attachment, Case
from cps.cases.reference import NotAReference
from cps.cases.rules import MoveRefused, Outcome, Priority, Refusal, Status
from cps.cases.uploads import stored_photos
from cps.cases.wording import REFUSALS
from cps.core import audit, clock
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation, StaleVersion
from cps.core.forms import spend_key
from cps.core.i18n import current_language, localized
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, requires
from cps.departments import queries as departments
from cps.triage.forms import DeskForm
from cps.triage.views.desk import Forms, address, bp, case_page, forms_for, get_case

FIELD_OF = {
    Refusal.MESSAGE_MISSING: "message",
    Refusal.OUTCOME_MISSING: "outcome",
    Refusal.OUTCOME_WRONG: "outcome",
    Refusal.PHOTO_MISSING: "photos",
}
Act = Callable[[Case], object]


def _do(reference: str, forms: Forms, form: DeskForm, act: Act, done: str) -> ResponseReturnValue:
    """Do one act on the locked case, or show the page again with everything typed and what to do."""
    if not form.validate():
        return case_page(get_case(reference), forms), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _write(reference, form, act)
    except StaleVersion:
        return _stale(reference, forms, form)
    except MoveRefused as refusal:
        _mark(form, FIELD_OF.get(refusal.reason, ""), str(REFUSALS[refusal.reason]))
        return case_page(get_case(reference), forms), HTTPStatus.UNPROCESSABLE_ENTITY
    except RuleViolation as violation:
        _mark(form, "", violation.message)
        return case_page(get_case(reference), forms), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(done)
    return redirect(address(reference), HTTPStatus.SEE_OTHER)


def _write(reference: str, form: DeskForm, act: Act) -> None:
    with transaction():
        case = cases.lock_case(reference)
        if not allows(current_user, Can.WORK_CASE, case):
            raise NotVisible(_("There is no case with this number at your desk."))
        if not spend_key(form.form_key.data or "", purpose="desk", leads_to=reference, at=clock.now()):
            return
        if case.version != form.version.data:
            raise StaleVersion("")
        act(case)


def _stale(reference: str, forms: Forms, form: DeskForm) -> ResponseReturnValue:
    """Show the case as it is now, with what was typed, ready to be sent again after a look."""
    case = get_case(reference)
    forms.is_stale = True
    form.version.data = case.version
    form.version.raw_data = None
    return case_page(case, forms), HTTPStatus.CONFLICT


def _mark(form: DeskForm, name: str, message: str) -> None:
    if name and name in form:
        form[name].errors = [message]
    else:
        form.form_errors.append(message)


@bp.post("/<reference:reference>/take")
@requires(Can.WORK_CASES)
def take(reference: str) -> ResponseReturnValue:
    """Make the officer responsible."""
    forms, form = forms_for(get_case(reference)), DeskForm()
    return _do(
        reference,
        forms,
        form,
        lambda case: services.take(case, by=current_user, at=clock.now()),
        _("The case is yours."),
    )


@bp.post("/<reference:reference>/release")
@requires(Can.WORK_CASES)
def release(reference: str) -> ResponseReturnValue:
    """Give the case back to the department."""
    forms, form = forms_for(get_case(reference)), DeskForm()
    return _do(
        reference,
        forms,
        form,
        lambda case: services.assign(case, None, by=current_user, at=clock.now()),
        _("The case is back with the department."),
    )


@bp.post("/<reference:reference>/reply")
@requires(Can.WORK_CASES)
def reply(reference: str) -> ResponseReturnValue:
    """Say something to the resident, and move the case where asked."""
    case = get_case(reference)
    forms = forms_for(case, sent="reply")
    form = forms.reply
    if _inserted(case, form):
        return case_page(case, forms)

    def act(locked: Case) -> None:
        message, language, at = form.message.data or "", current_language(), clock.now()
        if form.to.data:
            to = Status(form.to.data)
            services.move(locked, to, by=current_user, at=at, message=message, language=language)
        else:
            services.update(locked, by=current_user, at=at, message=message, language=language)

    return _do(
        reference, forms, form, act, _("Sent. The resident and everybody who follows will hear of it.")
    )


@bp.post("/<reference:reference>/close")
@requires(Can.WORK_CASES)
def close(reference: str) -> ResponseReturnValue:
    """End the case with an outcome, words and proof."""
    case = get_case(reference)
    forms = forms_for(case, sent="close")
    form = forms.close
    if _inserted(case, form):
        return case_page(case, forms)
    photos, refused = stored_photos(form.photos.data, zone=g.city.zone, at=clock.now())
    if refused:
        form.validate()
        form.photos.errors = refused
        return case_page(case, forms), HTTPStatus.UNPROCESSABLE_ENTITY
    return _do(reference, forms, form, lambda locked: _close(locked, form, photos), _("The case is closed."))


def _close(case: Case, form: Any, photos: list[Attachment]) -> None:
    services.move(
        case,
        Status.CLOSED,
        by=current_user,
        at=clock.now(),
        message=form.message.data or "",
        language=current_language(),
        outcome=Outcome(form.outcome.data),
        photos=photos,
        why_no_photo=form.why_no_photo.data or "",
    )


@bp.post("/<reference:reference>/transfer")
@requires(Can.WORK_CASES)
def transfer(reference: str) -> ResponseReturnValue:
    """Hand the case to another department with a public reason."""
    forms = forms_for(get_case(reference), sent="transfer")
    form = forms.transfer

    def act(case: Case) -> None:
        department = departments.department_by_code(form.department.data)
        if department is None:
            raise RuleViolation(_("This department does not exist any more. Choose another."))
        services.transfer(
            case,
            department,
            by=current_user,
            at=clock.now(),
            reason=form.reason.data or "",
            language=current_language(),
        )

    answer = _do(reference, forms, form, act, _("The case is with the other department."))
    return _to_list_if_gone(reference, answer)


def _to_list_if_gone(reference: str, answer: ResponseReturnValue) -> ResponseReturnValue:
    """Lead to the list when the officer can no longer see the case they handed over."""
    if allows(current_user, Can.WORK_CASE, cases.get_case(reference)):
        return answer
    return redirect(address(), HTTPStatus.SEE_OTHER)


@bp.post("/<reference:reference>/sort")
@requires(Can.WORK_CASES)
def sort(reference: str) -> ResponseReturnValue:
    """Correct category and priority."""
    forms = forms_for(get_case(reference), sent="sort")
    form = forms.sort

    def act(case: Case) -> None:
        category = departments.category_by_code(form.category.data)
        if category is None:
            raise RuleViolation(_("This category does not exist any more. Choose another."))
        services.categorise(case, category, by=current_user, at=clock.now())
        services.prioritise(case, Priority(form.priority.data), by=current_user, at=clock.now())

    return _do(reference, forms, form, act, _("Saved."))


@bp.post("/<reference:reference>/note")
@requires(Can.WORK_CASES)
def note(reference: str) -> ResponseReturnValue:
    """Leave a note for staff."""
    forms = forms_for(get_case(reference), sent="note")
    form = forms.note
    return _do(
        reference,
        forms,
        form,
        lambda case: services.note(case, form.message.data or "", by=current_user, at=clock.now()),
        _("The note is saved."),
    )


@bp.post("/<reference:reference>/join")
@requires(Can.WORK_CASES)
def join(reference: str) -> ResponseReturnValue:
    """Close the case as a duplicate of another."""
    forms = forms_for(get_case(reference), sent="join")
    form = forms.join

    def act(case: Case) -> None:
        services.join(
            case,
            _other(form.into.data or ""),
            by=current_user,
            at=clock.now(),
            message=form.message.data or "",
            language=current_language(),
        )

    return _do(reference, forms, form, act, _("The cases are joined."))


def _other(typed: str) -> Case:
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
    """Show the reporter's contact, and record that somebody looked."""
    with transaction():
        case = cases.lock_case(reference)
        if not allows(current_user, Can.SEE_REPORTER, case):
            raise NotVisible(_("There is no case with this number at your desk."))
        audit.record_access(
            "contact", by=current_user.id, at=clock.now(), subject_id=case.reporter_id, case_id=case.id
        )
    case = get_case(reference)
    forms = forms_for(case)
    forms.contact = cases.contact_of(case.id)
    return case_page(case, forms)


def _inserted(case: Case, form: Any) -> bool:
    """Put a template into the message when that is what was asked; nothing is sent then."""
    if not form.insert_template.data:
        return False
    template = departments.template_by_code(form.template.data or "")
    if template is not None:
        words = localized(template.body, case.language)
        form.message.data = f"{form.message.data}\n\n{words}".strip() if form.message.data else words
    return True
