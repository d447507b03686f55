"""Joining a proposal to another that wants the same, and undoing it; everybody reads why."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import reference as references
from cps.cases.access import viewer
from cps.cases.reference import NotAReference
from cps.cases.rules import Outcome
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, requires
from cps.proposals import queries, services
from cps.proposals.models import Proposal
from cps.proposals.queries import answers
from cps.proposals.queries.similar import similar
from cps.proposals.services.joining import JOINABLE
from cps.triage.proposal_forms import IntoForm, PartForm
from cps.triage.views.desk import bp
from cps.triage.views.proposal_steps import at_desk, do_step, language_of, to_desk


@bp.get("/<reference:reference>/into")
@requires(Can.WORK_CASES)
def into(reference: str) -> ResponseReturnValue:
    """Ask for the other proposal and the reason; `?into=` is the number of one that was chosen."""
    proposal = at_desk(reference)
    if proposal.case.status not in JOINABLE:
        return to_desk(reference)
    form = IntoForm(formdata=None, version=proposal.case.version, into=request.args.get("into", "")[:40])
    return _page(proposal, form)


@bp.post("/<reference:reference>/into")
@requires(Can.WORK_CASES)
def submit_into(reference: str) -> ResponseReturnValue:
    """Join it; its supporters are told, and who does not agree takes their support back."""
    form = IntoForm()
    other = form.other = _other(form.into.data or "")
    target = other.case.reference if other is not None else reference

    def join(proposal: Proposal) -> None:
        reason = form.reason.data or ""
        services.join(
            proposal,
            queries.get(target),
            reason,
            by=current_user,
            at=clock.now(),
            language=language_of(reason),
        )

    return do_step(
        form,
        reference,
        join,
        again=lambda: _page(at_desk(reference), form),
        done=_("The proposals are joined. Those who supported this one are told."),
        hold=lambda: queries.lock_both(reference, target)[0],
    )


@bp.get("/<reference:reference>/part")
@requires(Can.WORK_CASES)
def part(reference: str) -> ResponseReturnValue:
    """Ask why the join is undone."""
    proposal = at_desk(reference)
    if proposal.case.outcome is not Outcome.JOINED:
        return to_desk(reference)
    return _part_page(proposal, PartForm(formdata=None, version=proposal.case.version))


@bp.post("/<reference:reference>/part")
@requires(Can.WORK_CASES)
def submit_part(reference: str) -> ResponseReturnValue:
    """Undo the join: both stand as before, each with its own supports."""
    form = PartForm()
    joined = answers.standing_join(at_desk(reference).case_id)
    other = queries.of_case(joined.into_id) if joined else None
    target = other.case.reference if other is not None else reference

    def undo(proposal: Proposal) -> None:
        reason = form.reason.data or ""
        services.part(proposal, reason, by=current_user, at=clock.now(), language=language_of(reason))

    return do_step(
        form,
        reference,
        undo,
        again=lambda: _part_page(at_desk(reference), form),
        done=_("The proposals stand by themselves again."),
        hold=lambda: queries.lock_both(reference, target)[0],
    )


def _other(typed: str) -> Proposal | None:
    """Return the other proposal by its number, where the officer may see it."""
    try:
        other = queries.find(references.parse(typed))
    except NotAReference:
        return None
    return other if other is not None and allows(viewer(), Can.SEE_CASE, other.case) else None


def _page(proposal: Proposal, form: IntoForm) -> str:
    case = proposal.case
    alike = similar(case.title, case.body, except_id=case.id)
    return render_template(
        "triage/proposal_into.html",
        case=case,
        form=form,
        other=form.other or _other(form.into.data or ""),
        alike=[one.row for one in alike if one.row.status in JOINABLE],
        joined=len(queries.joined_ids(case.id)),
    )


def _part_page(proposal: Proposal, form: PartForm) -> str:
    return render_template("triage/proposal_part.html", case=proposal.case, form=form)
