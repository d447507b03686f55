"""The list of whom to call back, and what is done with each."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import reference as references
from cps.cases.reference import NotAReference
from cps.contact import queries, services
from cps.contact.forms import MOMENT, CallBackForm, PromiseForm, read_moment
from cps.contact.models import CallBack
from cps.contact.rules import Ending
from cps.contact.services import Came, Promise
from cps.contact.views.base import (
    asked_call,
    bp,
    caller_of,
    code_id_of,
    department_choices,
    department_id_of,
    filled,
    frame,
    of_caller,
    own_departments,
    spend,
)
from cps.contact.views.cases import case_to_tell
from cps.contact.wording import TURNS
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import AlreadyDone, NotVisible, RuleViolation, StaleVersion
from cps.core.i18n import gettext as _
from cps.core.i18n import zone
from cps.core.security import Can, requires

SOON = timedelta(hours=2)


@bp.get("/call-backs")
@requires(Can.CALL_BACK)
def call_backs() -> ResponseReturnValue:
    """Show whom to call back, the next first; officers see what was handed to their departments."""
    return _list()


def _list(refused: str = "", typed: tuple[int, str] = (0, "")) -> str:
    """Render the list; `typed` are the words that were refused, and for which call back."""
    rows = queries.waiting(departments=own_departments())
    form = CallBackForm(formdata=None)
    form.department.choices = [("", _("The agents")), *department_choices()]
    return render_template(
        "contact/call_backs.html",
        rows=rows,
        steps=queries.steps_of([row.id for row in rows]),
        turns=TURNS,
        form=form,
        refused=refused,
        typed_for=typed[0],
        typed=typed[1],
        **frame("call-backs"),
    )


@bp.get("/call-backs/new")
@requires(Can.ANSWER_CALLS)
def new_call_back() -> ResponseReturnValue:
    """Ask whom to call back, by when, about what."""
    call = asked_call()
    form = PromiseForm(formdata=None)
    _offer(form)
    filled(form, of_caller(call, caller_of(call)))
    reference = _reference(request.args)
    form.due.data = (clock.now() + SOON).astimezone(zone()).strftime(MOMENT)
    form.waits.data = bool(reference)
    return _promise_page(form, reference)


def _reference(values: Mapping[str, str]) -> str:
    """Return the case that the call is about, as twelve digits; empty where there is none."""
    try:
        return references.parse(values.get("reference", "")[:40])
    except NotAReference:
        return ""


def _offer(form: PromiseForm) -> None:
    form.offer_departments(department_choices())
    form.offer_codes(queries.codes())


def _promise_page(form: PromiseForm, reference: str) -> str:
    return render_template("contact/promise.html", form=form, reference=reference, **frame("call-backs"))


@bp.post("/call-backs/new")
@requires(Can.ANSWER_CALLS)
def promise() -> ResponseReturnValue:
    """Promise to call back, and record the contact."""
    form, at = PromiseForm(), clock.now()
    reference = _reference(request.form)
    _offer(form)
    if not form.validate():
        return _promise_page(form, reference), HTTPStatus.UNPROCESSABLE_ENTITY
    case_id = case_to_tell(reference).id if reference else None
    try:
        with transaction():
            if spend(form, "", at):
                _promise(form, case_id)
    except (AlreadyDone, RuleViolation) as refused:
        form.form_errors.append(refused.message)
        return _promise_page(form, reference), refused.status
    flash(_("We call back. It stands on the list."))
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _promise(form: PromiseForm, case_id: int | None) -> None:
    """Record the contact and the promise in the running transaction."""
    at, call = clock.now(), form.as_call()
    came = Came(Ending.CALL_BACK, case_id=case_id, code_id=code_id_of(form), note=form.about.data or "")
    contact = services.record(call, came, by=current_user, at=at)
    services.promise_call(
        Promise(
            phone=call.phone,
            due_at=form.due_at or at,
            name=call.name,
            language=call.language,
            about=form.about.data or "",
            caller_id=contact.caller_id,
            contact_id=contact.id,
            case_id=case_id,
            department_id=department_id_of(form.department.data),
            waits_for_answer=bool(form.waits.data) and case_id is not None,
        ),
        by=current_user,
        at=at,
    )


def _act(key: int, act: Callable[[CallBack, CallBackForm], str]) -> ResponseReturnValue:
    """Do something with one call back, as it was seen; say what it came to."""
    form = CallBackForm()
    if not form.validate():
        return _list(form.problems()[0][1], (key, form.note.data or "")), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            found = queries.lock_call_back(key, version=form.version.data)
            if not _may_act(found):
                raise NotVisible(_("This call back is not there any more."))
            said = act(found, form)
    except (AlreadyDone, RuleViolation, StaleVersion) as refused:
        return _list(refused.message, (key, form.note.data or "")), refused.status
    flash(said)
    return redirect(url_for(".call_backs"), HTTPStatus.SEE_OTHER)


def _may_act(call_back: CallBack) -> bool:
    own = own_departments()
    return own is None or call_back.department_id in own


@bp.post("/call-backs/<int:call_back_id>/take")
@requires(Can.CALL_BACK)
def take(call_back_id: int) -> ResponseReturnValue:
    """Take a call back, so that no colleague calls too."""

    def act(found: CallBack, _form: CallBackForm) -> str:
        services.take(found, by=current_user, at=clock.now())
        return _("It is yours: call now.")

    return _act(call_back_id, act)


@bp.post("/call-backs/<int:call_back_id>/reached")
@requires(Can.CALL_BACK)
def reached(call_back_id: int) -> ResponseReturnValue:
    """Note that the caller was reached."""

    def act(found: CallBack, form: CallBackForm) -> str:
        services.reached(found, by=current_user, at=clock.now(), note=form.note.data or "")
        return _("Reached: the promise is kept.")

    return _act(call_back_id, act)


@bp.post("/call-backs/<int:call_back_id>/not-reached")
@requires(Can.CALL_BACK)
def not_reached(call_back_id: int) -> ResponseReturnValue:
    """Note that nobody answered; it is tried again later."""

    def act(found: CallBack, form: CallBackForm) -> str:
        again = services.not_reached(found, by=current_user, at=clock.now(), note=form.note.data or "")
        return _("It is tried again later.") if again else _("Tried five times: it is off the list.")

    return _act(call_back_id, act)


@bp.post("/call-backs/<int:call_back_id>/move")
@requires(Can.CALL_BACK)
def move(call_back_id: int) -> ResponseReturnValue:
    """Move a call back to another time."""

    def act(found: CallBack, form: CallBackForm) -> str:
        due = read_moment(form.due)
        if due is None:
            raise RuleViolation(_("Write day and time like 2026-03-31 14:30."))
        services.put_off(found, due, by=current_user, at=clock.now(), note=form.note.data or "")
        return _("Moved.")

    return _act(call_back_id, act)


@bp.post("/call-backs/<int:call_back_id>/hand-over")
@requires(Can.CALL_BACK)
def hand_over(call_back_id: int) -> ResponseReturnValue:
    """Hand a call back to a department, or back to the agents."""

    def act(found: CallBack, form: CallBackForm) -> str:
        to = department_id_of(form.department.data)
        words = form.note.data or ""
        services.hand_over(
            found, department_id=to, agent_id=None, note=words, by=current_user, at=clock.now()
        )
        return _("Handed over.")

    return _act(call_back_id, act)


@bp.post("/call-backs/<int:call_back_id>/end")
@requires(Can.CALL_BACK)
def end_call_back(call_back_id: int) -> ResponseReturnValue:
    """Take a call back off the list, with the reason."""

    def act(found: CallBack, form: CallBackForm) -> str:
        services.end(found, by=current_user, at=clock.now(), note=form.note.data or "")
        return _("It is off the list.")

    return _act(call_back_id, act)
