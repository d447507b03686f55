"""The blueprint of the register, what it gives to the page of one's account, and its limits."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, current_app, g, make_response
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock, limits, visit
from cps.core.errors import TooMany
from cps.core.forms import Form
from cps.core.i18n import gettext as _
from cps.core.keys import app_key, keyed_tag
from cps.core.limits import Limit
from cps.core.security import Can, allows
from cps.residents import queries

bp = Blueprint("residents", __name__)

HOUR = timedelta(hours=1)
LETTER_OF_NETWORK = Limit("letter-from", 100, HOUR)
LETTER_OF_DEVICE = Limit("letter-by", 15, HOUR)
LETTER_OF_ACCOUNT = Limit("letter-of", 15, HOUR)
COUNTER_OF_CLERK = Limit("counter-of", 120, HOUR)


@bp.app_context_processor
def own_register() -> dict[str, Callable[[], object]]:
    """Give the page of one's account what it says of the register; asked only where it is said."""
    return {"register_state": _state, "may_verify": _may_verify}


def _state() -> str:
    proof = queries.proof_of(current_user.id)
    if proof is None:
        return _("Show that you live here, once, to vote in polls of the city")
    return _("The register says that you have left the city") if proof.is_gone else _("You are in it")


def _may_verify() -> bool:
    return allows(current_user, Can.VERIFY_IDENTITY)


def today() -> date:
    """Return the day in the city."""
    day: date = clock.now().astimezone(g.city.zone).date()
    return day


def count_letter() -> None:
    """Count one try with a letter, by network, device and account; raises TooMany."""
    _count(LETTER_OF_NETWORK, visit.network())
    _count(LETTER_OF_DEVICE, current_user.session_token)
    _count(LETTER_OF_ACCOUNT, f"account {current_user.id}")


def count_check() -> None:
    """Count one look-up by a clerk; raises TooMany."""
    _count(COUNTER_OF_CLERK, f"account {current_user.id}")


def _count(limit: Limit, who: str) -> None:
    config = current_app.extensions["cps_config"]
    bucket = keyed_tag(app_key("limits"), who)[:40]
    limits.count(limit, bucket, at=clock.now(), enabled=config.rate_limits)


def refuse(error: TooMany, form: Form, show: Callable[[], str]) -> ResponseReturnValue:
    """Answer 429 with the same page, so that nothing typed is lost."""
    form.form_errors.append(error.message)
    response = make_response(show(), 429)
    response.headers["Retry-After"] = str(error.retry_after)
    return response
