"""What the author does with a proposal that stands: change its words, add to it, take it back."""

from datetime import timedelta

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.rules import MoveRefused
from cps.cases.wording import REFUSALS
from cps.core import clock, limits
from cps.core.errors import NotVisible, RuleViolation, TooMany
from cps.core.i18n import current_language, html_language
from cps.core.i18n import gettext as _
from cps.core.limits import Limit
from cps.core.security import Can, requires
from cps.proposals import queries, services
from cps.proposals.forms import AddForm, ReviseForm, WithdrawForm
from cps.proposals.models import Proposal
from cps.proposals.views.base import back_to, bp, is_limited, once, visible

ADDITIONS = Limit("proposal-addition", 5, timedelta(days=1))
"""Each is mailed to everybody who follows the proposal."""


def _own(reference: str) -> Proposal:
    """Return a proposal of whoever asks; for everybody else there is no such page."""
    proposal = visible(reference)
    if proposal.case.reporter_id != current_user.id:
        raise NotVisible(_("There is no proposal with this number."))
    return proposal


@bp.get("/<reference:reference>/edit")
@requires(Can.USE_OWN_ACCOUNT)
def edit(reference: str) -> ResponseReturnValue:
    """Show the words to be changed; once somebody supports them, lead to where more can be added."""
    proposal = _own(reference)
    if proposal.supported_at is not None:
        flash(
            _("Somebody supports this proposal already, so its words stay. You can add to it below."), "info"
        )
        return back_to(reference, "add")
    case = proposal.case
    cases.show_originals([case])
    shown = {"title": case.title, "body": case.body, "shows_author": proposal.shows_author}
    return render_template("proposals/edit.html", case=case, form=ReviseForm(formdata=None, data=shown))


@bp.post("/<reference:reference>/edit")
@requires(Can.USE_OWN_ACCOUNT)
def revise(reference: str) -> ResponseReturnValue:
    """Change the words, unless somebody supported them in the meantime."""
    case, form = _own(reference).case, ReviseForm()
    try:
        if form.validate():
            return once(
                form,
                reference,
                lambda proposal: services.revise(
                    proposal,
                    title=form.title.data or "",
                    body=form.body.data or "",
                    shows_author=form.shows_author.data,
                    by=current_user,
                    at=clock.now(),
                ),
                _("Your words are changed."),
            )
    except RuleViolation as refusal:
        form.form_errors.append(str(refusal))
    return render_template("proposals/edit.html", case=case, form=form), 422


@bp.get("/<reference:reference>/add")
@requires(Can.USE_OWN_ACCOUNT)
def add_page(reference: str) -> ResponseReturnValue:
    """Ask what the author wants to add."""
    return render_template("proposals/add.html", case=_own(reference).case, form=AddForm(formdata=None))


@bp.post("/<reference:reference>/add")
@requires(Can.USE_OWN_ACCOUNT)
def add(reference: str) -> ResponseReturnValue:
    """Add something that everybody sees below the first words."""
    case, form = _own(reference).case, AddForm()
    try:
        if form.validate():
            limits.count(ADDITIONS, case.reference, at=clock.now(), enabled=is_limited())
            return once(
                form,
                reference,
                lambda proposal: services.add(
                    proposal,
                    form.message.data or "",
                    by=current_user,
                    at=clock.now(),
                    language=html_language(current_language()),
                ),
                _("Added. Those who follow it are told."),
            )
    except TooMany as error:
        form.form_errors.append(_("You have added much today. Please send this tomorrow."))
        answer = render_template("proposals/add.html", case=case, form=form)
        return answer, error.status, {"Retry-After": str(error.retry_after)}
    except RuleViolation as refusal:
        form.form_errors.append(str(refusal))
    return render_template("proposals/add.html", case=case, form=form), 422


@bp.get("/<reference:reference>/withdraw")
@requires(Can.USE_OWN_ACCOUNT)
def withdraw_page(reference: str) -> ResponseReturnValue:
    """Say what happens, and ask for the reason."""
    return _withdraw_page(_own(reference), WithdrawForm(formdata=None))


@bp.post("/<reference:reference>/withdraw")
@requires(Can.USE_OWN_ACCOUNT)
def withdraw(reference: str) -> ResponseReturnValue:
    """Take the proposal back with a reason that its supporters read."""
    proposal, form = _own(reference), WithdrawForm()
    try:
        if form.validate():
            return once(
                form,
                reference,
                lambda locked: services.withdraw(
                    locked,
                    form.reason.data or "",
                    by=current_user,
                    at=clock.now(),
                    language=html_language(current_language()),
                ),
                _("Your proposal is taken back. It stays here for everybody to read."),
            )
    except MoveRefused as refusal:
        form.form_errors.append(str(REFUSALS[refusal.reason]))
    except RuleViolation as refusal:
        form.form_errors.append(str(refusal))
    return _withdraw_page(proposal, form), 422


def _withdraw_page(proposal: Proposal, form: WithdrawForm) -> str:
    supports = queries.count(proposal.case_id)
    return render_template("proposals/withdraw.html", case=proposal.case, form=form, supports=supports)
