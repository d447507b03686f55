"""What is done to a notice that stands: another end, its end now, an update that answers its cases."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import flash, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import services
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation, StaleVersion
from cps.core.forms import used_key
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.notices import queries
from cps.notices import services as notices
from cps.triage.notice_forms import ENDS, EndsForm, UpdateForm, update_form
from cps.triage.views.desk import bp
from cps.triage.views.notice_page import notice_page, spend_once, to_notice

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
HOURS_MORE = {"1": 1, "3": 3, "24": 24}


@bp.post("/notices/<int:notice_id>/extend")
@requires(Can.MAKE_NOTICES)
def extend_notice(notice_id: int) -> ResponseReturnValue:
    """Let a notice stand until another moment: some hours more, or as typed."""
    form, known = EndsForm(), queries.get(notice_id)
    if known.ends_at <= clock.now():
        raise RuleViolation(_("This notice is over. Make a new one."))
    hours = HOURS_MORE.get(request.form.get("more", ""))
    until = known.ends_at + timedelta(hours=hours) if hours else None
    if until is None and form.validate():
        until = form.until(g.city.zone)
    if until is None:
        return notice_page(known, ends=form), UNPROCESSABLE
    try:
        with transaction():
            row = queries.lock(notice_id, version=form.version.data)
            notices.extend(row, until, by=current_user, at=clock.now())
    except (RuleViolation, StaleVersion) as refused:
        db.session.rollback()
        form.form_errors.append(refused.message)
        return notice_page(queries.get(notice_id), ends=form), refused.status
    flash(_("The notice has another end."))
    return to_notice(notice_id)


@bp.post("/notices/<int:notice_id>/end")
@requires(Can.MAKE_NOTICES)
def end_notice(notice_id: int) -> ResponseReturnValue:
    """End a notice now; those who asked are told."""
    with transaction():
        notices.end(queries.lock(notice_id), by=current_user, at=clock.now())
    flash(_("The notice is over. Those who asked are told."))
    return to_notice(notice_id)


@bp.post("/notices/<int:notice_id>/update")
@requires(Can.MAKE_NOTICES)
def update_notice(notice_id: int) -> ResponseReturnValue:
    """Say something new, in the notice and in every case under it, and close these or end it with that."""
    form, at = update_of_city(), clock.now()
    if not form.validate():
        return notice_page(queries.get(notice_id), update=form), UNPROCESSABLE
    if form.form_key.data and used_key(form.form_key.data) is not None:
        return to_notice(notice_id)
    try:
        _tell(form, notice_id, at)
    except RuleViolation as refused:
        db.session.rollback()
        form.form_errors.append(refused.message)
        return notice_page(queries.get(notice_id), update=form), UNPROCESSABLE
    flash(_("The update is published. Everybody concerned is told once."))
    return to_notice(notice_id)


def _tell(form: UpdateForm, notice_id: int, at: datetime) -> None:
    """Post the update and begin to write it into the cases; raises AlreadyDone where it was sent just now."""
    with transaction():
        row = queries.lock(notice_id)
        spend_once(form.form_key.data or "", notice_id, at)
        update = notices.add_update(row, form.texts(), by=current_user, at=at)
        if form.also.data == ENDS and row.ends_at > at:
            notices.end(row, by=current_user, at=at, tells=False)
        services.answer_all(update, by=current_user, at=at, closing=form.closing())


def update_of_city(**options: Any) -> UpdateForm:
    """Return the form of an update."""
    form = update_form(g.city.languages, g.city.default_language)(**options)
    form.offer()
    return form
