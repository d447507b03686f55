"""Every failure as a page in plain words that says what to do; never a traceback."""

import logging
import sqlite3
from http import HTTPStatus

from flask import Flask, Response, g, make_response, render_template, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from cps.core.db import db
from cps.core.errors import CpsError, Hidden, TooMany
from cps.core.kept import Kept, kept
from cps.core.storage import FULL

log = logging.getLogger(__name__)

WITH_PAGE = {400, 403, 404, 405, 409, 410, 413, 429, 500, 503}
RETRY_SECONDS = 10


def init_app(app: Flask) -> None:
    """Install the pages."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CpsError, _refused)
    app.register_error_handler(StaleDataError, lambda _error: _page(HTTPStatus.CONFLICT))
    app.register_error_handler(OSError, _failed)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(PoolTimeout, _unavailable)
    app.register_error_handler(Exception, _broken)


def _http(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):  # a host name that is not ours: no address can be made for a page
        return Response("This address is not served here.\n", HTTPStatus.BAD_REQUEST, mimetype="text/plain")
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if 300 <= code < 400:
        return make_response(error.get_response())
    response = _page(HTTPStatus(code))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _refused(error: CpsError) -> Response:
    more = {"door": error.door} if isinstance(error, Hidden) else {}
    response = _page(error.status, error.message, **more)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _failed(error: OSError) -> Response:
    """Answer 503 where a disk is full; anything else the system says is a fault."""
    return _unavailable(error) if error.errno in FULL else _broken(error)


def _unavailable(error: Exception) -> Response:
    """Answer 503 for a locked, full or absent database; anything else the database says is a fault."""
    if isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.OperationalError):
        log.warning("database unavailable: %s", error.orig)
    else:
        log.warning("unavailable: %s", type(error).__name__, exc_info=error)
    _leave_transaction()
    response = _page(HTTPStatus.SERVICE_UNAVAILABLE, kept=_kept())
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _kept() -> Kept | None:
    try:
        return kept()
    except OSError:  # the very form found no room
        return None


def _broken(error: Exception) -> Response:
    log.error("unhandled error", exc_info=error, extra={"rule": str(request.url_rule)})
    _leave_transaction()
    return _page(HTTPStatus.INTERNAL_SERVER_ERROR)


def _leave_transaction() -> None:
    try:
        db.session.rollback()
    except Exception:  # noqa: BLE001 - the page must come, whatever the connection says
        db.session.remove()


def _page(status: HTTPStatus, message: str = "", **more: object) -> Response:
    """Render the page of a status; 4xx without a page of their own use that of 400, 5xx that of 500."""
    code = status.value
    name = code if code in WITH_PAGE else (400 if code < 500 else 500)
    g.cacheable = False
    html = render_template(
        f"errors/{name}.html", message=message, code=code, csrf_failed=g.get("csrf_failed", False), **more
    )
    return make_response(html, code)
