"""Stopping messages by their link, and the demo's mailbox."""

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.queries import is_followed_by
from cps.config import Config
from cps.core import clock
from cps.core.db import transaction
from cps.core.http import machine
from cps.core.security import public
from cps.core.sms_text import segments
from cps.notifications import links, queries, services
from cps.notifications.gateway import Gateway
from cps.notifications.models import Message
from cps.notifications.server import Server

bp = Blueprint("notifications", __name__)

ONE_CLICK = ("List-Unsubscribe", "One-Click")
LONGEST_FILTER = 254


@bp.record_once
def check_settings(state: BlueprintSetupState) -> None:
    """Refuse to start with an address of mail server or gateway that cannot be read."""
    config: Config = state.app.extensions["cps_config"]
    if config.smtp_url is not None:
        Server.from_url(config.smtp_url)
    if config.sms_url is not None:
        Gateway.from_url(config.sms_url)


@bp.get("/notifications/unsubscribe/<token:token>")
@public
def unsubscribe_page(token: str) -> ResponseReturnValue:
    """Ask with one button whether to stop the messages; opening the link alone changes nothing."""
    case, account = _of_token(token)
    return render_template(
        "notifications/unsubscribe.html",
        case=case,
        token=token,
        follows=is_followed_by(case.id, account.id),
    )


@bp.post("/notifications/unsubscribe/<token:token>")
@machine
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """End what the messages came from; mail programs send this by themselves (RFC 8058)."""
    case, account = _of_token(token)
    with transaction():
        services.stop_following(case.id, account.id)
    if request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        return "", 200
    return redirect(url_for(".unsubscribe_page", token=token), 303)


@bp.get("/t/<token:short>")
@public
def short_link(short: str) -> ResponseReturnValue:
    """Lead from a text message to its case, and ask with one button whether to stop the messages."""
    case, account_id = _of_short_token(short)
    return render_template(
        "notifications/short_link.html",
        case=case,
        token=short,
        is_reporter=account_id is None,
        link=queries.case_address(case.id, to_reporter=account_id is None),
        is_stopped=queries.texts_are_stopped(case.id, account_id),
    )


@bp.post("/t/<token:short>")
@public
def stop_texts(short: str) -> ResponseReturnValue:
    """Send no more text messages about a case to whom the token was sent."""
    case, account_id = _of_short_token(short)
    with transaction():
        services.stop_texts(case.id, account_id, at=clock.now())
    return redirect(url_for(".short_link", short=short), 303)


@bp.get("/demo/mailbox")
@public
def mailbox() -> ResponseReturnValue:
    """Show the newest messages that the demo would have sent."""
    _only_in_the_demo()
    words = request.args.get("to", "").strip()[:LONGEST_FILTER]
    return render_template(
        "notifications/mailbox.html",
        messages=queries.mailbox(words),
        waits_until=queries.next_to_leave(words, clock.now()),
        words=words,
        size=queries.MAILBOX_SIZE,
    )


@bp.get("/demo/mailbox/<int:key>")
@public
def mailbox_message(key: int) -> ResponseReturnValue:
    """Show one of them."""
    _only_in_the_demo()
    return render_template("notifications/message.html", message=_delivered(key))


@bp.get("/demo/mailbox/text/<int:text>")
@public
def mailbox_text(text: int) -> ResponseReturnValue:
    """Show one text message, and what it would have cost."""
    _only_in_the_demo()
    message = queries.delivered_text(text)
    if message is None:
        abort(404)
    return render_template("notifications/text.html", message=message, parts=segments(message.body))


def _of_token(token: str) -> tuple[Case, Account]:
    known = links.read_unsubscribe_token(token)
    found = queries.case_and_account(*known) if known else None
    if found is None:
        abort(404)
    return found


def _of_short_token(token: str) -> tuple[Case, int | None]:
    known = links.read_short_token(token)
    case = queries.case_of(known[0]) if known else None
    if known is None or case is None or (case.is_hidden and known[1] is not None):
        abort(404)
    return case, known[1]


def _delivered(key: int) -> Message:
    message = queries.delivered(key)
    if message is None:
        abort(404)
    return message


def _only_in_the_demo() -> None:
    config: Config = current_app.extensions["cps_config"]
    if not config.is_demo or (config.smtp_url is not None and config.sms_url is not None):
        abort(404)
