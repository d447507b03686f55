"""What a phone may keep of the pages it has seen, told to the service worker in two headers.

A page that anybody may see is kept as its `Cache-Control` allows. Pages of people who are signed in are kept
nowhere, but for those that a view marks with `keep_for_its_owner` or `keep_for_the_field`: the worker keeps
them apart, and throws them away as soon as a page comes on which somebody else, or nobody, is signed in.
"""

from typing import Any

from flask import Flask, Response, g, make_response, render_template, request
from flask_login import current_user

from cps.core.keys import app_key, keyed_tag

WHO = "CPS-Who"
"""A tag of the account a page was made for; missing where nobody is signed in."""

KEEP = "CPS-Keep"
"""`own` on a page that its owner's phone may keep, `field` on one that it keeps for a day."""

OK = 200


def init_app(app: Flask) -> None:
    """Put the headers on pages."""
    app.after_request(_mark)


def who() -> str:
    """Return a tag of whoever is signed in, which tells only whether it is the same person; else ""."""
    if not current_user.is_authenticated:
        return ""
    return keyed_tag(app_key("on-phone"), str(current_user.id))[:24]


def keep_for_its_owner() -> None:
    """Let the phone keep the page of this request: it shows nothing but what concerns its reader.

    Pages of staff are not kept, their own ones included: the phone may be the office's.
    """
    if current_user.is_authenticated and not current_user.is_staff:
        g.kept_on_phone = "own"


def keep_for_the_field() -> None:
    """Let the phone of whoever asks keep the page of this request for a day, or until they sign out."""
    g.kept_on_phone = "field"


def for_everybody(template: str, **values: Any) -> Response:
    """Render a page that a phone may keep whoever is signed in; with a connection it is asked for anew."""
    response = make_response(render_template(template, account=None, nav_items=[], **values))
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _mark(response: Response) -> Response:
    # Only of pages that came out well: who somebody is may not be asked where the database is gone
    if response.status_code != OK or response.mimetype != "text/html" or g.get("city") is None:
        return response
    if tag := who():
        response.headers[WHO] = tag
        if kept := g.get("kept_on_phone"):
            response.headers[KEEP] = kept
    return response
