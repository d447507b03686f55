"""The blueprint of the register, what it gives to the page of one's account, and its limits."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, g
from flask_login import current_user

from cps.core import clock, tries, visit
from cps.core.i18n import gettext as _
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
    tries.count(LETTER_OF_NETWORK, visit.network())
    tries.count(LETTER_OF_DEVICE, current_user.session_token)
    tries.count(LETTER_OF_ACCOUNT, f"account {current_user.id}")


def count_check() -> None:
    """Count one look-up by a clerk; raises TooMany."""
    tries.count(COUNTER_OF_CLERK, f"account {current_user.id}")
