"""The administrators' list of polls."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.security import Can, allows, requires
from cps.polls import queries
from cps.polls.manage import overview
from cps.polls.manage.views.base import bp, fingerprints_of


@bp.app_context_processor
def who_works_on_polls() -> dict[str, object]:
    """Give pages what they need to lead administrators and clerks on."""
    return {
        "may_manage_polls": lambda: _may(Can.MANAGE_POLLS),
        "may_take_votes": lambda: _may(Can.TAKE_VOTES),
    }


def _may(can: Can) -> bool:
    return current_user.is_authenticated and allows(current_user, can)


@bp.get("")
@requires(Can.MANAGE_POLLS)
def index() -> ResponseReturnValue:
    """Show every poll, drafts too, with what waits for an administrator."""
    at = clock.now()
    rows = [
        overview.row_of(poll, fingerprints_of(poll) if poll.is_draft else None, at=at)
        for poll in queries.listed(with_drafts=True)
    ]
    return render_template(
        "polls/manage/index.html",
        waiting=[row for row in rows if row.waits],
        others=[row for row in rows if not row.waits],
    )
