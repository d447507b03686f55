"""An officer lifts a proposal over the line: it is answered although fewer support it than are needed."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.rules import Status
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.proposals import queries, services
from cps.proposals.models import Proposal
from cps.triage.proposal_forms import LiftForm
from cps.triage.views.desk import bp
from cps.triage.views.proposal_steps import at_desk, do_step, language_of, to_desk


@bp.get("/<reference:reference>/lift")
@requires(Can.WORK_CASES)
def lift(reference: str) -> ResponseReturnValue:
    """Ask for the reason."""
    proposal = at_desk(reference)
    if proposal.case.status is not Status.GATHERING:
        return to_desk(reference)
    return _page(proposal, LiftForm(formdata=None, version=proposal.case.version))


@bp.post("/<reference:reference>/lift")
@requires(Can.WORK_CASES)
def submit_lift(reference: str) -> ResponseReturnValue:
    """Oblige the department to answer, from now on."""
    form = LiftForm()

    def lifted(proposal: Proposal) -> None:
        reason = form.reason.data or ""
        services.lift(proposal, reason, by=current_user, at=clock.now(), language=language_of(reason))

    return do_step(
        form,
        reference,
        lifted,
        again=lambda: _page(at_desk(reference), form),
        done=_("The city must answer this proposal now. Everybody who waits is told."),
    )


def _page(proposal: Proposal, form: LiftForm) -> str:
    total = queries.count(proposal.case_id).total
    return render_template(
        "triage/proposal_lift.html", proposal=proposal, case=proposal.case, total=total, form=form
    )
