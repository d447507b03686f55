"""What a thing was before parts of it were blacked out: for moderators, and each reading is recorded."""

from flask import abort, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from cps.core import audit, clock
from cps.core.db import transaction
from cps.core.security import Can, requires
from cps.moderation import queries
from cps.moderation.views.base import bp, thing_address, words
from cps.moderation.views.things import picture_of

READ = "moderation-original"
"""Under this name the log of looks at personal data has it."""

TICKET_SECONDS = 60
"""So long after a recorded reading its picture can be fetched."""


@bp.post("/moderation/acts/<int:act_id>/original")
@requires(Can.MODERATE)
def original(act_id: int) -> ResponseReturnValue:
    """Show what was blacked out, and record that it was read."""
    with transaction():
        act, found = queries.get_act(act_id)
        if queries.original(act_id) is None:
            abort(404)
        audit.record_access(
            READ, by=current_user.id, at=clock.now(), subject_id=found.author_id, case_id=found.case.id
        )
    act, found = queries.get_act(act_id)
    return render_template(
        "moderation/original.html",
        act=act,
        found=found,
        kept=queries.original(act_id),
        ticket=_tickets().dumps([current_user.id, act_id]),
        **words(),
    )


@bp.get("/moderation/acts/<int:act_id>/picture")
@requires(Can.MODERATE)
def original_picture(act_id: int) -> ResponseReturnValue:
    """Give the picture of a reading that was recorded a moment ago; without its ticket lead to the thing."""
    _act, found = queries.get_act(act_id)
    if not _is_of_reading(act_id):
        return redirect(thing_address(found.thing, found.id), 303)
    kept = queries.original(act_id)
    if kept is None or not kept.photo:
        abort(404)
    return picture_of(kept.photo)


def _is_of_reading(act_id: int) -> bool:
    try:
        ticket = _tickets().loads(request.args.get("ticket", ""), max_age=TICKET_SECONDS)
    except BadData:
        return False
    return bool(ticket == [current_user.id, act_id])


def _tickets() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="moderation-original")
