"""Flask-Login over database sessions: the cookie holds a random token, the database its hash."""

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager

from cps.accounts import queries
from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.core import clock


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


def _load(token: str) -> Account | None:
    account = queries.account_of_session(token, at=clock.now())
    if account is not None:
        account.session_token = token
    return account


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method != "GET":
        abort(403)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
