"""What came in and was set apart, for staff: read it, then make it a case, a reply, or nothing."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.access import viewer
from cps.cases.models import Case
from cps.cases.reference import display
from cps.channels import queries, services, wording
from cps.channels.models import IncomingMessage
from cps.channels.rules import Incoming, Why
from cps.channels.tags import known_by
from cps.core import audit, clock
from cps.core.db import db, transaction
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, requires
from cps.core.storage import NotStored, current_storage
from cps.core.text import one_line

bp = Blueprint("channels", __name__, url_prefix="/channels")

LONGEST_REASON = 300


@bp.app_context_processor
def known_to_pages() -> dict[str, object]:
    """Let the page of one's account lead staff here."""
    return {"may_take_in": lambda: allows(current_user, Can.TAKE_IN)}


def row_number(text: str) -> int:
    """Return the number of a row; raises ValueError for other texts."""
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise ValueError(text)
    return int(text)


@bp.get("")
@requires(Can.TAKE_IN)
def index() -> ResponseReturnValue:
    """Show what waits for a person, the newest first, the channels, and who is blocked."""
    rows = queries.set_apart(before=request.args.get("before", type=row_number))
    shown = rows[: queries.LIST_SIZE]
    return render_template(
        "channels/index.html",
        rows=shown,
        why=_why,
        known_by=known_by,
        next_address=url_for(".index", before=shown[-1].id) if len(rows) > len(shown) else None,
        ways=queries.ways(),
        blocked=queries.blocked_senders(),
    )


@bp.get("/messages/<int:message_id>")
@requires(Can.TAKE_IN)
def show(message_id: int) -> ResponseReturnValue:
    """Show a message that was set apart, and what can be done with it."""
    return _page(_waiting(message_id))


@bp.get("/messages/<int:message_id>/original")
@requires(Can.TAKE_IN)
def original(message_id: int) -> ResponseReturnValue:
    """Hand out the whole mail: of a message that waits, or to who may read who reported a case."""
    row = queries.message(message_id)
    if row is None or not row.original_key:
        abort(HTTPStatus.NOT_FOUND)
    with transaction():
        if not _reads(row):
            abort(HTTPStatus.NOT_FOUND)
    try:
        data = current_storage().get(row.original_key)
    except NotStored:
        abort(HTTPStatus.NOT_FOUND)
    headers = {"Content-Disposition": f"attachment; filename=mail-{row.id}.eml"}
    return Response(data, mimetype="application/octet-stream", headers=headers)


@bp.post("/messages/<int:message_id>")
@requires(Can.TAKE_IN)
def settle(message_id: int) -> ResponseReturnValue:
    """Do with a message what was pressed; who was slower than a colleague is told so."""
    act, reason = request.form.get("act", ""), one_line(request.form.get("reason", ""))[:LONGEST_REASON]
    if act == "block" and not reason:
        return _page(_waiting(message_id), problem=_("Say why: a colleague will read it.")), 422
    try:
        with transaction():
            row = services.set_apart(message_id)
            reference = _act(row, act, reason)
    except (AlreadyDone, RuleViolation) as refused:
        db.session.rollback()
        flash(refused.message, "warning")
        return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)
    told = _("Done. It is case %(reference)s.", reference=display(reference)) if reference else _("Done.")
    flash(told, "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.post("/unblock")
@requires(Can.TAKE_IN)
def unblock() -> ResponseReturnValue:
    """Take messages of a sender again."""
    with transaction():
        services.unblock(request.form.get("sender", "")[:64], by=current_user, at=clock.now())
    flash(_("Their messages are taken again."), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _act(row: IncomingMessage, act: str, reason: str) -> str:
    """Do it; returns the reference of the case that there is now, or ""."""
    at = clock.now()
    if act == "case":
        return services.make_case(row, by=current_user, city=g.city, at=at)
    if act == "reply":
        return services.put_into_case(row, by=current_user, at=at)
    if act == "block":
        services.block(row, reason, by=current_user, at=at)
        return ""
    if act != "nothing":
        raise RuleViolation(_("Choose what is to be done with it."))
    services.refuse(row, by=current_user, at=at)
    return ""


def _waiting(message_id: int) -> IncomingMessage:
    row = queries.message(message_id)
    if row is None or row.state is not Incoming.QUARANTINED or queries.is_about_staff(row):
        abort(HTTPStatus.NOT_FOUND)
    return row


def _page(row: IncomingMessage, problem: str = "") -> str:
    return render_template("channels/message.html", row=row, case=_case_of(row), why=_why, problem=problem)


def _case_of(row: IncomingMessage) -> Case | None:
    return db.session.get(Case, row.case_id) if row.case_id else None


def _reads(row: IncomingMessage) -> bool:
    """Return whether the whole mail may be read, and record it where it tells who reported a case.

    Of complaints about staff it is read nowhere: a look at their reporter needs a reason.
    """
    if row.state is Incoming.QUARANTINED:
        return True
    case = _case_of(row)
    if case is None or case.is_integrity or not allows(viewer(), Can.SEE_REPORTER, case):
        return False
    audit.record_access(
        "contact", by=current_user.id, at=clock.now(), subject_id=case.reporter_id, case_id=case.id
    )
    return True


def _why(row: IncomingMessage) -> str:
    return str(wording.WHY[Why(row.reason)])
