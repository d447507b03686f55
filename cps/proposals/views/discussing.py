"""Taking part in the discussion of a proposal."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation, TooMany
from cps.core.forms import OnceForm, spend_key
from cps.core.i18n import gettext as _
from cps.core.i18n import language_of
from cps.core.security import Can, public, requires
from cps.proposals import services
from cps.proposals.forms import CommentForm, ReplyForm
from cps.proposals.models import Comment, Proposal
from cps.proposals.queries import comments
from cps.proposals.rules import Stance
from cps.proposals.services import NewComment
from cps.proposals.views.base import back_to, bp, to_prove, visible
from cps.proposals.views.public import page_with
from cps.proposals.wording import STANCES

DISCUSSION = "discussion"


@bp.get("/<reference:reference>/discuss")
@public
def discuss_page(reference: str) -> ResponseReturnValue:
    """Lead to the form of the discussion, a visitor through sign-in or a code first."""
    visible(reference)
    if not current_user.is_authenticated:
        return to_prove("discuss_page", reference=reference)
    return back_to(reference, "say")


@bp.post("/<reference:reference>/comments")
@requires(Can.DISCUSS)
def comment(reference: str) -> ResponseReturnValue:
    """Say something; what was typed stays in the page where it cannot be taken."""
    proposal, form = visible(reference), CommentForm()
    form.stance.choices = [(stance.value, words) for stance, words in STANCES.items()]
    if form.validate():
        new = NewComment(
            body=form.body.data or "",
            language=language_of(form.body.data or ""),
            stance=Stance(form.stance.data),
            shows_name=form.shows_name.data,
        )
        try:
            return _say(form, proposal, new)
        except TooMany as error:
            form.body.errors = [error.message]
            answer = page_with(reference, clock.now(), form)
            return answer, error.status, {"Retry-After": str(error.retry_after)}
        except RuleViolation as refusal:
            form.body.errors = [str(refusal)]
    return page_with(reference, clock.now(), form), 422


def _say(form: OnceForm, proposal: Proposal, new: NewComment) -> ResponseReturnValue:
    reference = proposal.case.reference
    if not form.form_key.data:
        raise RuleViolation(_("The page was not complete. Please send it again."))
    with transaction():
        key = f"{reference}:{form.form_key.data}"
        if spend_key(key, purpose="comment", leads_to=reference, at=clock.now()):
            services.comment(proposal.case_id, new, by=current_user, at=clock.now())
    flash(_("Thank you. Everybody can read it now."))
    return back_to(reference, DISCUSSION)


def _shown(reference: str, comment_id: int) -> tuple[Proposal, Comment]:
    """Return a comment on this proposal that everybody reads; raises NotVisible."""
    proposal, row = visible(reference), comments.comment(comment_id)
    if row is None or row.case_id != proposal.case_id or row.is_hidden:
        raise NotVisible(_("There is no such comment."))
    return proposal, row


@bp.get("/<reference:reference>/comments/<int:comment_id>/reply")
@public
def reply_page(reference: str, comment_id: int) -> ResponseReturnValue:
    """Show a comment with the form of a reply; a visitor signs in first."""
    proposal, row = _shown(reference, comment_id)
    if not current_user.is_authenticated:
        return to_prove("reply_page", reference=reference, comment_id=comment_id)
    return _reply_page(proposal, row, ReplyForm(formdata=None))


@bp.post("/<reference:reference>/comments/<int:comment_id>/reply")
@requires(Can.DISCUSS)
def reply(reference: str, comment_id: int) -> ResponseReturnValue:
    """Reply to a comment."""
    proposal, row = _shown(reference, comment_id)
    form = ReplyForm()
    if form.validate():
        body = form.body.data or ""
        new = NewComment(body, language_of(body), parent_id=row.id, shows_name=form.shows_name.data)
        try:
            return _say(form, proposal, new)
        except TooMany as error:
            form.body.errors = [error.message]
            return _reply_page(proposal, row, form), error.status, {"Retry-After": str(error.retry_after)}
        except RuleViolation as refusal:
            form.body.errors = [str(refusal)]
    return _reply_page(proposal, row, form), 422


def _reply_page(proposal: Proposal, row: Comment, form: ReplyForm) -> str:
    return render_template("proposals/reply.html", case=proposal.case, row=row, form=form, stances=STANCES)


@bp.post("/<reference:reference>/comments/<int:comment_id>/back")
@requires(Can.DISCUSS)
def back(reference: str, comment_id: int) -> ResponseReturnValue:
    """Find a comment right; pressing again changes nothing."""
    _shown(reference, comment_id)
    with transaction():
        services.back(comment_id, by=current_user, at=clock.now())
    return _back_to_comment(reference, comment_id)


@bp.post("/<reference:reference>/comments/<int:comment_id>/unback")
@requires(Can.DISCUSS)
def unback(reference: str, comment_id: int) -> ResponseReturnValue:
    """Find it right no more."""
    _shown(reference, comment_id)
    with transaction():
        services.unback(comment_id, by=current_user)
    return _back_to_comment(reference, comment_id)


def _back_to_comment(reference: str, comment_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show", reference=reference, _anchor=f"comment-{comment_id}"), 303)
