"""Messages that did not arrive: with why, and a button that sends them again."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.notifications import queries
from cps.notifications.failed import queries as failed
from cps.notifications.failed import services
from cps.notifications.failed.wording import hidden_address, kind_of, reason_of
from cps.notifications.models import Message, TextMessage
from cps.notifications.told import queries as told

bp = Blueprint("deliveries", __name__, url_prefix="/admin/deliveries")

TABLES: Mapping[str, failed.Table] = {"mail": Message, "text": TextMessage}


@bp.get("")
@requires(Can.MANAGE_CITY)
def show() -> ResponseReturnValue:
    """Show how much waits, what was given up and what is tried again; addresses are not spelt out."""
    now = clock.now()
    return render_template(
        "notifications/deliveries.html",
        mails=queries.counts(now),
        texts=queries.text_counts(now),
        bounced=told.count_bounced(),
        given_up=failed.given_up(),
        tried_again=failed.tried_again(),
        kind_of=kind_of,
        hidden_address=hidden_address,
        reason_of=reason_of,
    )


@bp.post("/<code:way>/<int:key>/again")
@requires(Can.MANAGE_CITY)
def again(way: str, key: int) -> ResponseReturnValue:
    """Send one of them again at once."""
    table = TABLES.get(way)
    if table is None:
        abort(404)
    try:
        with transaction():
            services.send_again(table, key, by=current_user.id, at=clock.now())
    except RuleViolation as error:
        flash(error.message, "warning")
    else:
        flash(_("It leaves in a moment."), "success")
    return redirect(url_for(".show"), 303)
