"""One's own proposals, and those one supports, below one's account."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core.security import Can, requires
from cps.proposals.queries import mine

bp = Blueprint("own_proposals", __name__)


@bp.get("/accounts/me/proposals")
@requires(Can.USE_OWN_ACCOUNT)
def written() -> ResponseReturnValue:
    """Show what one proposed."""
    after = request.args.get("after")
    page = mine.written_by(current_user.id, after=after)
    following = url_for(".written", after=page.next_key) if page.next_key else None
    return _page(page.rows, "written", url_for(".written") if after else None, following)


@bp.get("/accounts/me/supports")
@requires(Can.USE_OWN_ACCOUNT)
def supported() -> ResponseReturnValue:
    """Show what one supports."""
    after = request.args.get("after")
    page = mine.supported_by(current_user.id, after=after)
    following = url_for(".supported", after=page.next_key) if page.next_key else None
    return _page(page.rows, "supported", url_for(".supported") if after else None, following)


def _page(rows: object, which: str, first: str | None, following: str | None) -> str:
    return render_template("proposals/own.html", rows=rows, which=which, first=first, next=following)
