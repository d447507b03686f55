"""The official answer at the desk: drafted, read by somebody else where the city wants it, published."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.rules import Status
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.proposals import queries, services
from cps.proposals.models import OfficialAnswer, Proposal
from cps.proposals.queries import answers
from cps.proposals.rules import Settings
from cps.proposals.wording import ANSWERS
from cps.triage import queries as desk
from cps.triage.proposal_forms import AnswerForm, StepForm
from cps.triage.views.desk import bp
from cps.triage.views.proposal_steps import at_desk, do_step, language_of, to_desk, unit_code, unit_id, units

WAITING = frozenset({Status.GATHERING, Status.ANSWER_DUE})


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it is read before it is published: who wrote it, who has read it, what is still to do."""

    answer: OfficialAnswer
    word: str
    writer: str
    reader: str
    may_approve: bool
    may_publish: bool
    why_not: str


@bp.get("/<reference:reference>/answer")
@requires(Can.WORK_CASES)
def answer(reference: str) -> ResponseReturnValue:
    """Show the draft, and the form in which it is written; once answered, there is none."""
    proposal = at_desk(reference)
    return _page(proposal) if proposal.case.status in WAITING else to_desk(reference)


@bp.post("/<reference:reference>/answer")
@requires(Can.WORK_CASES)
def draft_answer(reference: str) -> ResponseReturnValue:
    """Keep the draft; whoever read it before has to read it anew."""
    form = AnswerForm()
    form.offer(units())

    def draft(proposal: Proposal) -> None:
        spec = form.spec(unit_id=unit_id(form.unit.data), language=language_of(form.text.data or ""))
        services.draft_answer(proposal, spec, by=current_user, at=clock.now())

    return _step(reference, form, draft, _("The draft is kept. Only staff can read it."), shown=form)


@bp.post("/<reference:reference>/answer/approve")
@requires(Can.WORK_CASES)
def approve_answer(reference: str) -> ResponseReturnValue:
    """Note that a second person has read the draft, as it stands."""

    def approve(proposal: Proposal) -> None:
        services.approve_answer(proposal, by=current_user, at=clock.now())

    return _step(reference, StepForm(), approve, _("Noted: you have read it and stand by it."))


@bp.post("/<reference:reference>/answer/publish")
@requires(Can.WORK_CASES)
def publish_answer(reference: str) -> ResponseReturnValue:
    """Publish the draft as it stands; the author and every supporter are told."""
    settings = Settings.of(g.city.settings)

    def publish(proposal: Proposal) -> None:
        services.publish_answer(proposal, by=current_user, settings=settings, at=clock.now())

    thanks = _("The answer is published. Everybody who waits for it is told.")
    return _step(reference, StepForm(), publish, thanks, leads_to=url_for(".show", reference=reference))


def _step(
    reference: str,
    form: StepForm,
    step: Callable[[Proposal], None],
    done: str,
    *,
    shown: AnswerForm | None = None,
    leads_to: str = "",
) -> ResponseReturnValue:
    def again() -> str:
        return _page(at_desk(reference), form=shown, step=None if shown else form)

    leads_to = leads_to or url_for(".answer", reference=reference)
    return do_step(form, reference, step, again=again, done=done, leads_to=leads_to, seen=_version)


def _version(proposal: Proposal) -> int:
    """Return the version of the draft: nobody approves or publishes other words than they have read."""
    draft = answers.lock_answer(proposal.case_id)
    return draft.version if draft is not None else 0


def _page(proposal: Proposal, *, form: AnswerForm | None = None, step: StepForm | None = None) -> str:
    draft = answers.answer_of(proposal.case_id)
    if form is None:
        form = AnswerForm(formdata=None)
        form.offer(units())
        form.fill(draft, unit_code(draft.unit_id if draft else proposal.case.department_id))
    fresh = StepForm(formdata=None, version=draft.version if draft else 0)
    if step is not None:
        fresh.form_errors = step.form_errors
    return render_template(
        "triage/proposal_answer.html",
        proposal=proposal,
        case=proposal.case,
        draft=_draft(draft) if draft is not None else None,
        form=form,
        step=fresh,
        supporters=queries.count(proposal.case_id).counted,
        second_reader=Settings.of(g.city.settings).second_reader,
    )


def _draft(row: OfficialAnswer) -> Draft:
    people = {one for one in (row.drafted_by_id, row.read_by_id) if one is not None}
    names = desk.names_of(people)
    is_own = row.drafted_by_id == current_user.id
    needs_reader = Settings.of(g.city.settings).second_reader and row.read_at is None
    why_not = ""
    if needs_reader:
        why_not = (
            _("In this city somebody else reads an answer before it is published. Ask a colleague to do it.")
            if is_own
            else _("In this city somebody else reads an answer before it is published. That can be you.")
        )
    return Draft(
        answer=row,
        word=str(ANSWERS[row.outcome]) if row.outcome else "",
        writer=names.get(row.drafted_by_id or 0, ""),
        reader=names.get(row.read_by_id or 0, ""),
        may_approve=not is_own and row.read_at is None,
        may_publish=not needs_reader,
        why_not=why_not,
    )
