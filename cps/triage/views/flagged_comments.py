"""Comments to which readers object: a moderator hides them with a reason, or lets them stand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import transaction
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, requires
from cps.proposals import queries, services
from cps.proposals.models import Comment, CommentFlag, Proposal
from cps.proposals.queries import comments
from cps.triage.comment_forms import HideForm

bp = Blueprint("flagged", __name__, url_prefix="/comments")


@dataclass(frozen=True, slots=True)
class Flagged:
    """A comment to which readers object, with their reasons and the form that hides it."""

    comment: Comment
    proposal: Proposal | None
    flags: Sequence[CommentFlag]
    form: HideForm


@bp.app_context_processor
def _moderating() -> dict[str, Any]:
    return {"may_moderate": lambda: allows(current_user, Can.MODERATE_DISCUSSION)}


@bp.get("/flagged")
@requires(Can.MODERATE_DISCUSSION)
def index() -> ResponseReturnValue:
    """Show what waits for a decision, what most readers object to first."""
    return _page()


@bp.post("/flagged/<int:comment_id>/hide")
@requires(Can.MODERATE_DISCUSSION)
def hide(comment_id: int) -> ResponseReturnValue:
    """Hide a comment; everybody reads the reason in its place."""
    form = HideForm(comment_id)
    if not form.validate():
        if comment_id not in {row.Comment.id for row in comments.flagged()}:
            return _done(_("Nobody waits for a decision about this comment any more."))
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    reason = form.reason.data or ""
    return _decide(
        lambda: services.hide(comment_id, reason, by=current_user, at=clock.now()),
        _("It is hidden. The reason stands in its place."),
    )


@bp.post("/flagged/<int:comment_id>/keep")
@requires(Can.MODERATE_DISCUSSION)
def keep(comment_id: int) -> ResponseReturnValue:
    """Let a comment stand: the objections to it are settled."""
    return _decide(
        lambda: services.show(comment_id, by=current_user, at=clock.now()), _("It stands as it was written.")
    )


def _decide(act: Callable[[], None], done: str) -> ResponseReturnValue:
    with transaction():
        act()
    return _done(done)


def _done(done: str) -> ResponseReturnValue:
    flash(done)
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _page(sent: HideForm | None = None) -> str:
    rows = [row.Comment for row in comments.flagged()]
    shown = [
        Flagged(
            comment,
            queries.of_case(comment.case_id),
            comments.flags_of(comment.id),
            sent
            if sent is not None and sent.comment_id == comment.id
            else HideForm(comment.id, formdata=None),
        )
        for comment in rows
    ]
    return render_template("triage/flagged_comments.html", shown=shown, sent=sent)
