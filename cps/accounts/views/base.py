"""The blueprint of accounts, its place in the navigation, and how one enters."""

import secrets
from dataclasses import asdict, dataclass
from enum import StrEnum

from flask import Blueprint, g, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user
from werkzeug.utils import redirect

from cps.accounts import arrivals
from cps.accounts.devices import device_label
from cps.accounts.models import Account
from cps.accounts.rules import CodePurpose
from cps.accounts.wording import why_register, why_sign_in
from cps.core import sealed, visit
from cps.core.email import readable_email
from cps.core.i18n import gettext as _
from cps.core.phone import is_phone, readable_phone
from cps.core.rendering import address, nav_item
from cps.core.security import Can, allows

bp = Blueprint("accounts", __name__, url_prefix="/accounts")

DESK = "/desk"
BROWSER = "browser"
PROOF = "proof"
PROOF_SECONDS = 3600


bp.add_app_template_filter(readable_email)
bp.add_app_template_filter(why_sign_in)
bp.add_app_template_filter(why_register)


@bp.app_template_filter()
def readable_address(address: str) -> str:
    """Return a kept address of mail or number as its owner reads it."""
    if not is_phone(address):
        return readable_email(address)
    city = g.get("city")
    return readable_phone(address, city.country if city else "")


@nav_item(30)
def me_or_sign_in() -> tuple[str, str, str, bool]:
    """Lead to one's own pages, or to signing in."""
    here = request.path.startswith("/accounts/")
    if current_user.is_authenticated:
        return address("accounts.me"), _("Me"), "user", here
    return address("accounts.sign_in"), _("Sign in"), "user", here


def browser_key() -> str:
    """Return a random text that this browser keeps until somebody signs in or out."""
    if not isinstance(session.get(BROWSER), str):
        session[BROWSER] = secrets.token_urlsafe(16)
    key: str = session[BROWSER]
    return key


def this_device() -> str:
    """Return what a person calls the device of this request."""
    return device_label(request.user_agent.string)


def own_token() -> str:
    """Return the token of the session this request came with, or ""."""
    return current_user.session_token if current_user.is_authenticated else ""


def enter(account: Account, token: str) -> None:
    """Make this browser the one of a session that has just begun; its cookie begins anew."""
    visit.begin_anew()
    session.permanent = True
    account.session_token = token
    login_user(account)


def go_on(account: Account, wanted: str | None = None) -> ResponseReturnValue:
    """Redirect to where somebody wanted to go, else to their own first page.

    What features above have to ask first comes before.
    """
    own = DESK if allows(account, Can.WORK_CASES) else url_for("accounts.me")
    return redirect(arrivals.first_stop(account, wanted or own), 303)


class Stage(StrEnum):
    """What is asked of somebody who comes in by a code: it, then the password, or whose the number is."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Proof:
    """An address or number that is being proven by a code in this browser, and what shall come after."""

    address: str
    purpose: CodePurpose
    next: str = ""
    password_hash: str = ""
    registers: bool = False
    stage: Stage = Stage.CODE


def keep_proof(proof: Proof) -> None:
    """Keep it in the cookie, encrypted: people share computers."""
    session[PROOF] = sealed.write(PROOF, asdict(proof))


def kept_proof(stage: Stage = Stage.CODE) -> Proof | None:
    """Return what is being proven, or None when nothing is at this stage, or the hour for it is over."""
    kept = session.get(PROOF)
    values = sealed.read(PROOF, kept, seconds=PROOF_SECONDS) if isinstance(kept, str) else None
    if not values or values.get("stage") != stage or "address" not in values:
        return None
    return Proof(**{**values, "purpose": CodePurpose(values["purpose"]), "stage": stage})
