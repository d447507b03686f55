"""Flask-Login over database sessions: the cookie holds a random token, the database its hash."""

import logging
from datetime import datetime, timedelta

from flask import Flask, Response, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager
from sqlalchemy.exc import DBAPIError

from cps.accounts import queries, services
from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.core import clock
from cps.core.db import transaction

log = logging.getLogger(__name__)

NOTED_EVERY = timedelta(days=1)


class Visitor(AnonymousUserMixin):
    """Somebody who is not signed in."""

    id = None
    display_name = ""
    language = ""
    is_staff = False
    roles: frozenset[Role] = frozenset()


def init_app(app: Flask) -> None:
    """Install the loader."""
    manager = LoginManager()
    manager.session_protection = None
    manager.anonymous_user = Visitor
    manager.user_loader(_load)
    manager.unauthorized_handler(_ask_to_sign_in)
    manager.init_app(app, add_context_processor=False)
    app.after_request(_note_seen)


def _load(token: object) -> Account | None:
    if not isinstance(token, str):
        return None
    found = queries.account_of_session(token, at=clock.now())
    if found is None:
        return None
    account, seen_at = found
    account.session_token = token
    g.device = (token, seen_at)
    return account


def _note_seen(response: Response) -> Response:
    """Note once a day that a device is in use; a page is never lost over it."""
    device: tuple[str, datetime] | None = g.get("device")
    at = clock.now()
    if device is None or at - device[1] < NOTED_EVERY:
        return response
    try:
        with transaction():
            services.note_seen(device[0], at=at)
    except DBAPIError:
        log.warning("a device could not be noted as used", exc_info=True)
    return response


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method not in {"GET", "HEAD"}:
        abort(403)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
