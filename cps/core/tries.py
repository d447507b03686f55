"""Tries of visitors: counted under keyed tags, and the same page again for whoever has none left."""

from collections.abc import Callable

from flask import Response, current_app, make_response
from flask.typing import ResponseReturnValue

from cps.core import clock, limits
from cps.core.errors import TooMany
from cps.core.forms import Form
from cps.core.keys import app_key, keyed_tag
from cps.core.limits import Limit


def count(limit: Limit, who: str) -> None:
    """Count one try by an account, an address or a network; raises TooMany where the limit is used up.

    What is stored is a keyed tag: neither address nor network can be read from it.
    """
    tag = keyed_tag(app_key("limits"), who)[:40]
    enabled = current_app.extensions["cps_config"].rate_limits
    limits.count(limit, tag, at=clock.now(), enabled=enabled)


def refuse(error: TooMany, form: Form, show: Callable[[], ResponseReturnValue]) -> Response:
    """Answer 429 with the same page, so that nothing typed is lost."""
    form.form_errors.append(error.message)
    response = make_response(show(), error.status)
    response.headers["Retry-After"] = str(error.retry_after)
    return response
