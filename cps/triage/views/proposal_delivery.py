"""After a yes, at the desk: how it is done and by when, how far it is, and that it is done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.rules import Status
from cps.core import clock
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.core.i18n import money
from cps.core.security import Can, requires
from cps.proposals import presenting, services
from cps.proposals.models import Milestone, Proposal
from cps.proposals.queries import answers
from cps.proposals.rules import YES
from cps.proposals.services import DeliverySpec, MilestoneSpec, News
from cps.triage.delivery_forms import (
    DONE,
    AddForm,
    BeginForm,
    DeliverForm,
    MilestoneForm,
    NewsForm,
    ProgressForm,
)
from cps.triage.proposal_forms import StepForm
from cps.triage.views import photos
from cps.triage.views.desk import bp
from cps.triage.views.photos import Received
from cps.triage.views.proposal_steps import (
    at_desk,
    do_step,
    language_of,
    to_desk,
    unit_code,
    unit_id,
    units,
)

Sent = TypeVar("Sent", bound=NewsForm)


@dataclass(slots=True)
class Sending:
    """The form that was sent, and the photos that came with it."""

    form: StepForm | None = None
    received: Received = field(default_factory=lambda: Received([], []))


@bp.get("/<reference:reference>/delivery")
@requires(Can.WORK_CASES)
def delivery(reference: str) -> ResponseReturnValue:
    """Show how far it is, with what can be said of it; before a yes and after the end there is nothing."""
    proposal = at_desk(reference)
    return _page(proposal) if _is_to_deliver(proposal) else to_desk(reference)


@bp.post("/<reference:reference>/delivery/begin")
@requires(Can.WORK_CASES)
def begin_delivery(reference: str) -> ResponseReturnValue:
    """Say by whom, until when, for how much and in which steps it is done."""
    form, received = _with_photos(BeginForm)
    form.offer(units())

    def begin(proposal: Proposal) -> None:
        spec = DeliverySpec(
            unit_id=unit_id(form.unit.data) or 0,
            due_on=form.due_on.data,
            budget=form.budget.data,
            milestones=form.planned(language_of(form.message.data or "")),
        )
        news = _news(form, received)
        services.begin_delivery(proposal, spec, news, by=current_user, today=_today(), at=clock.now())

    return _step(reference, Sending(form, received), begin, _("It has begun. Everybody who waits is told."))


@bp.post("/<reference:reference>/delivery/progress")
@requires(Can.WORK_CASES)
def progress_delivery(reference: str) -> ResponseReturnValue:
    """Say how far it is."""
    form, received = _with_photos(ProgressForm)

    def progress(proposal: Proposal) -> None:
        percent = form.percent.data or 0
        services.progress(proposal, percent, _news(form, received), by=current_user, at=clock.now())

    return _step(reference, Sending(form, received), progress, _("Told to everybody who waits."))


@bp.post("/<reference:reference>/delivery/milestones")
@requires(Can.WORK_CASES)
def add_milestone(reference: str) -> ResponseReturnValue:
    """Promise one more part."""
    form = AddForm()

    def add(proposal: Proposal) -> None:
        title = form.title.data or ""
        spec = MilestoneSpec(title, form.due_on.data or _today(), language_of(title))
        services.add_milestone(proposal, spec, by=current_user, today=_today(), at=clock.now())

    return _step(reference, Sending(form), add, _("The milestone stands on the page of the proposal."))


@bp.get("/<reference:reference>/delivery/milestones/<int:milestone_id>")
@requires(Can.WORK_CASES)
def milestone(reference: str, milestone_id: int) -> ResponseReturnValue:
    """Ask what became of a milestone."""
    proposal = at_desk(reference)
    if proposal.case.status is not Status.IN_DELIVERY:
        return to_desk(reference)
    form = MilestoneForm(formdata=None, version=proposal.case.version)
    return _milestone_page(proposal, milestone_id, Sending(form))


@bp.post("/<reference:reference>/delivery/milestones/<int:milestone_id>")
@requires(Can.WORK_CASES)
def change_milestone(reference: str, milestone_id: int) -> ResponseReturnValue:
    """Say that a part is done, or for which day it is promised now, and why."""
    form, received = _with_photos(MilestoneForm)
    sending = Sending(form, received)

    def change(proposal: Proposal) -> None:
        day, news = form.day.data or _today(), _news(form, received)
        by, at = current_user, clock.now()
        if form.what.data == DONE:
            services.complete_milestone(proposal, milestone_id, day, news, by=by, today=_today(), at=at)
        else:
            services.move_milestone(proposal, milestone_id, day, news, by=by, at=at)

    def again() -> str:
        return _milestone_page(at_desk(reference), milestone_id, sending)

    return _step(reference, sending, change, _("Told to everybody who waits."), again=again)


@bp.post("/<reference:reference>/delivery/deliver")
@requires(Can.WORK_CASES)
def deliver(reference: str) -> ResponseReturnValue:
    """Say that it is done; those who wanted it are asked whether it is what they wanted."""
    form, received = _with_photos(DeliverForm)

    def finish(proposal: Proposal) -> None:
        services.deliver(proposal, _news(form, received), by=current_user, at=clock.now())

    thanks = _("It is done. Everybody who supported it is asked whether it is what they wanted.")
    return _step(
        reference,
        Sending(form, received),
        finish,
        thanks,
        leads_to=url_for(".show", reference=reference),
    )


def _with_photos(kind: type[Sent]) -> tuple[Sent, Received]:
    form = kind()
    received = photos.receive("photos", zone=g.city.zone, at=clock.now())
    form.refused = tuple(received.refused)
    return form, received


def _news(form: NewsForm, received: Received) -> News:
    words = form.message.data or ""
    return News(words, language_of(words), received.rows)


def _step(
    reference: str,
    sending: Sending,
    step: Callable[[Proposal], None],
    done: str,
    *,
    again: Callable[[], str] | None = None,
    leads_to: str = "",
) -> ResponseReturnValue:
    if sending.form is None:
        raise TypeError("a step needs its form")
    return do_step(
        sending.form,
        reference,
        step,
        again=again or (lambda: _page(at_desk(reference), sending)),
        done=done,
        leads_to=leads_to or url_for(".delivery", reference=reference),
    )


def _is_to_deliver(proposal: Proposal) -> bool:
    case = proposal.case
    return case.status is Status.IN_DELIVERY or (case.status is Status.ANSWERED and case.outcome in YES)


def _today() -> date:
    return clock.now().astimezone(g.city.zone).date()


def _page(proposal: Proposal, sending: Sending | None = None) -> str:
    sending = sending or Sending()
    case, zone = proposal.case, g.city.zone
    running = answers.delivery_of(case.id)
    rows = answers.milestones(case.id)
    forms = {
        kind.part: _form(kind, proposal, sending) for kind in (BeginForm, ProgressForm, AddForm, DeliverForm)
    }
    return render_template(
        "triage/proposal_delivery.html",
        case=case,
        delivery=running,
        milestones=list(zip(rows, presenting.milestones_in_words(rows, _today(), zone), strict=True)),
        all_done=all(row.done_on is not None for row in rows),
        due=presenting.day_in_words(running.due_on, zone) if running and running.due_on else "",
        budget=money(running.budget, g.city.currency) if running and running.budget is not None else "",
        forms=forms,
        sent=sending.form,
        received=sending.received,
    )


def _form(kind: type[StepForm], proposal: Proposal, sending: Sending) -> StepForm:
    """Return the form that was sent, or a fresh one that fits what stands."""
    if isinstance(sending.form, kind):
        return sending.form
    form = kind(formdata=None, version=proposal.case.version)
    if isinstance(form, BeginForm):
        form.offer(units())
        answer = answers.published_answer(proposal.case_id)
        form.unit.data = unit_code(answer.unit_id if answer else proposal.case.department_id)
    if isinstance(form, ProgressForm):
        running = answers.delivery_of(proposal.case_id)
        form.percent.data = running.percent if running else 0
    return form


def _milestone_page(proposal: Proposal, milestone_id: int, sending: Sending) -> str:
    row = _milestone(proposal.case_id, milestone_id)
    form = sending.form
    if isinstance(form, MilestoneForm):
        form.offer(_today())
    return render_template(
        "triage/proposal_milestone.html",
        case=proposal.case,
        row=row,
        words=presenting.milestones_in_words([row], _today(), g.city.zone)[0],
        form=form,
        received=sending.received,
    )


def _milestone(case_id: int, milestone_id: int) -> Milestone:
    row = next((one for one in answers.milestones(case_id) if one.id == milestone_id), None)
    if row is None:
        raise NotVisible(_("There is no such milestone."))
    return row
