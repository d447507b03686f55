"""How often one may try: by address of mail, by browser, and most of all by network (many share one)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, make_response
from flask.typing import ResponseReturnValue

from cps.accounts.views.base import browser_key
from cps.core import clock, limits, visit
from cps.core.errors import TooMany
from cps.core.forms import Form
from cps.core.keys import app_key, keyed_tag
from cps.core.limits import Limit

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one act, for each of whom it is counted by."""

    target: tuple[Limit, ...]
    browser: Limit
    network: Limit


PASSWORD = Limits(
    (Limit("password-of", 10, QUARTER),),
    Limit("password-by", 20, QUARTER),
    Limit("password-from", 300, QUARTER),
)
MAIL = Limits(
    (Limit("code-to", 6, HOUR), Limit("code-to-daily", 20, DAY)),
    Limit("code-by", 10, HOUR),
    Limit("code-from", 200, HOUR),
)
CODE = Limits((Limit("try-for", 30, QUARTER),), Limit("try-by", 30, QUARTER), Limit("try-from", 300, QUARTER))


def count(act: Limits, target: str) -> None:
    """Count one try at an act concerning a normal address; raises TooMany where a limit is used up.

    The widest comes first: who has used it up adds no rows for ever new addresses, and spends nobody else's.
    What is stored are keyed tags: neither address nor network can be read from them.
    """
    config = current_app.extensions["cps_config"]
    at = clock.now()
    counted = [(act.network, visit.network()), (act.browser, browser_key())]
    counted += [(limit, target) for limit in act.target]
    for limit, who in counted:
        limits.count(limit, keyed_tag(app_key("limits"), who)[:40], at=at, enabled=config.rate_limits)


def refuse(error: TooMany, form: Form, show: Callable[[], str]) -> ResponseReturnValue:
    """Answer 429 with the same page, so that nothing typed is lost."""
    form.form_errors.append(error.message)
    response = make_response(show(), 429)
    response.headers["Retry-After"] = str(error.retry_after)
    return response
