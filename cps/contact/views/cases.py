"""One case as an agent tells of it; a private one only once the caller has shown that it is theirs."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.rules import Audience, CaseKind
from cps.cases.wording import status_look
from cps.complaints.presenting import promise_of, story_of
from cps.contact import queries, services
from cps.contact.forms import AboutStaffForm, CallForm, ProveForm
from cps.contact.rules import Ending, Fact, in_groups
from cps.contact.services import Came
from cps.contact.views.base import asked_call, bp, caller_of, frame, of_caller, spend, values_of
from cps.contact.views.ending import to_caller
from cps.core import clock, limits
from cps.core.db import transaction
from cps.core.errors import AlreadyDone, NotVisible, RuleViolation, TooMany
from cps.core.forms import OnceForm
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.limits import Limit
from cps.core.security import Can, requires
from cps.departments import queries as departments

PROOF_TRIES = Limit("read-out", 5, timedelta(hours=1))
PROOF_TRIES_OF_AGENT = Limit("read-out-agent", 30, timedelta(hours=1))
TOLD_FACTS = ((Fact.PIN, "pin"), (Fact.NAME, "name"), (Fact.EMAIL, "email"), (Fact.PLACE, "place"),
              (Fact.DAY, "day"))  # fmt: skip


def case_to_tell(reference: str) -> Case:
    """Return a case that agents may know of; raises NotVisible for all others."""
    case = cases.get_case(reference)
    if not queries.may_be_told(case):
        raise NotVisible(_("There is no case with this number."))
    return case


def is_open_to_agent(case: Case) -> bool:
    """Return whether this agent may read the case out now."""
    return not case.is_private or queries.is_read_out(case.id, current_user.id, at=clock.now())


@bp.get("/cases/<reference:reference>")
@requires(Can.ANSWER_CALLS)
def case(reference: str) -> ResponseReturnValue:
    """Show how a case stands, in the words that the caller may hear."""
    return case_page(case_to_tell(reference))


def about_staff_form(**more: Any) -> AboutStaffForm:
    """Return the form that says that a case is about staff, with what can be chosen in it."""
    form, known = AboutStaffForm(**more), departments.catalogue()
    units = [one for one in known.departments.values() if one.is_active]
    form.offer(*([(one.code, localized(one.name)) for one in some] for some in (known.about_staff(), units)))
    return form


def case_page(case: Case, prove: ProveForm | None = None, about: AboutStaffForm | None = None) -> str:
    """Render a case as it is told on the phone, with a form that was sent and the others fresh."""
    now, is_open = clock.now(), is_open_to_agent(case)
    call = asked_call()
    call = of_caller(call, caller_of(call))
    reader = Audience.REPORTER if case.is_private else Audience.PUBLIC
    events = cases.story(case.id, reader=reader, at=now) if is_open else []
    promised = case.is_open and case.kind is CaseKind.COMPLAINT
    return render_template(
        "contact/case.html",
        case=case,
        call=call,
        is_open=is_open,
        look=status_look(case.status, case.outcome),
        promise=promise_of(case, now=now, zone=g.city.zone) if promised else None,
        story=story_of(case, events, [], is_reporter=case.is_private)[:6],
        spoken=in_groups(case.reference),
        may_add=case.is_listed and case.is_open,
        is_added=call.caller_id is not None and queries.follows(case.id, call.caller_id),
        form=OnceForm(),
        prove=prove or ProveForm(formdata=None),
        about=about or about_staff_form(formdata=None),
        may_be_about_staff=promised and is_open and bool(departments.catalogue().about_staff()),
        **frame("calls"),
    )


@bp.post("/cases/<reference:reference>/prove")
@requires(Can.ANSWER_CALLS)
def prove(reference: str) -> ResponseReturnValue:
    """Compare what the caller tells with what the case knows; five tries an hour, telling nothing is none."""
    case, form, at = case_to_tell(reference), ProveForm(), clock.now()
    call = asked_call()
    if form.validate():
        told = {fact: form[name].data or "" for fact, name in TOLD_FACTS}
        try:
            if any(told.values()):
                _count_try(reference)
        except TooMany as many:
            form.form_errors.append(many.message)
            return case_page(case, form), many.status
        with transaction():
            locked = cases.lock_case(reference)
            caller = caller_of(call)
            known = caller.id if caller else None
            opened = services.prove(locked, told, caller_id=known, zone=g.city.zone, by=current_user, at=at)
        if opened:
            return redirect(url_for(".case", reference=reference, **values_of(call)), HTTPStatus.SEE_OTHER)
        form.form_errors.append(
            _("This does not agree with the case. Ask for the PIN, or for two of the facts.")
        )
    return case_page(case_to_tell(reference), form), HTTPStatus.UNPROCESSABLE_ENTITY


def _count_try(reference: str) -> None:
    enabled = bool(current_app.extensions["cps_config"].rate_limits)
    uses = [(PROOF_TRIES_OF_AGENT, str(current_user.id)), (PROOF_TRIES, reference)]
    limits.count_each(uses, at=clock.now(), enabled=enabled)


@bp.post("/cases/<reference:reference>/told")
@requires(Can.ANSWER_CALLS)
def told(reference: str) -> ResponseReturnValue:
    """Record that the caller heard how the case stands."""
    case, form, at = case_to_tell(reference), CallForm(), clock.now()
    if not is_open_to_agent(case):
        raise RuleViolation(_("This case is private. Ask for the PIN, or for two facts, first."))
    call, case_id = asked_call(request.form), case.id
    try:
        with transaction():
            if spend(form, reference, at):
                services.record(call, Came(Ending.INFORMED, case_id=case_id), by=current_user, at=at)
    except (AlreadyDone, RuleViolation) as refused:
        flash(refused.message, "warning")
        return redirect(url_for(".case", reference=reference, **values_of(call)), HTTPStatus.SEE_OTHER)
    flash(_("Recorded: told how the case stands."))
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.post("/cases/<reference:reference>/add")
@requires(Can.ANSWER_CALLS)
def add(reference: str) -> ResponseReturnValue:
    """Let the caller hear of a case that others have told the city already."""
    form, at = CallForm(), clock.now()
    case_to_tell(reference)
    call = asked_call(request.form)
    try:
        with transaction():
            if spend(form, reference, at):
                services.add_to_case(call, cases.lock_case(reference), by=current_user, at=at)
    except (AlreadyDone, RuleViolation) as refused:
        flash(refused.message, "warning")
        return to_caller(call)
    flash(_("The caller hears of case %(number)s from now on.", number=display(reference)))
    return to_caller(call)


@bp.post("/cases/<reference:reference>/remove")
@requires(Can.ANSWER_CALLS)
def remove(reference: str) -> ResponseReturnValue:
    """Let the caller hear of a case no more."""
    case_id, call = case_to_tell(reference).id, asked_call(request.form)
    if call.caller_id is not None:
        with transaction():
            services.take_off_case(case_id, call.caller_id)
        flash(_("The caller hears of this case no more."))
    return to_caller(call)
