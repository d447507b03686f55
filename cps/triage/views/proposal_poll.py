"""An accepted proposal becomes the draft of a poll, with two presses."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, requires
from cps.proposals.models import Proposal
from cps.proposals.rules import YES
from cps.triage import queries
from cps.triage.proposal_forms import StepForm
from cps.triage.services import make_poll
from cps.triage.views.desk import bp
from cps.triage.views.proposal_steps import at_desk, do_step, to_desk


@bp.app_context_processor
def _known_to_pages() -> dict[str, Any]:
    return {"poll_slug_of": queries.slug_of_public_poll}


@bp.get("/<reference:reference>/poll")
@requires(Can.WORK_CASES)
def poll(reference: str) -> ResponseReturnValue:
    """Ask whether a draft is to be made, or say which is there."""
    proposal = at_desk(reference)
    if proposal.case.outcome not in YES:
        return to_desk(reference)
    return _page(proposal, StepForm(formdata=None, version=proposal.case.version))


@bp.post("/<reference:reference>/poll")
@requires(Can.WORK_CASES)
def submit_poll(reference: str) -> ResponseReturnValue:
    """Make the draft; nothing is public by it."""
    form = StepForm()

    def make(proposal: Proposal) -> None:
        make_poll(proposal, by=current_user, at=clock.now())

    return do_step(
        form,
        reference,
        make,
        again=lambda: _page(at_desk(reference), form),
        done=_("The draft of the poll is made. An administrator goes on with it, and opens it."),
        leads_to=url_for(".poll", reference=reference),
    )


def _page(proposal: Proposal, form: StepForm) -> str:
    return render_template(
        "triage/proposal_poll.html",
        case=proposal.case,
        form=form,
        poll=queries.poll_of(proposal.case_id),
        may_manage=allows(current_user, Can.MANAGE_POLLS),
    )
