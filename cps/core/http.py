"""What every answer carries, and which requests are let in: headers, hosts, origins, caching."""

import secrets
import time
from collections.abc import Callable
from errno import ENOSPC
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix
from wtforms import ValidationError

from cps.config import Config
from cps.core.kept import let_in
from cps.core.storage import StorageFull
from cps.core.waiting_room import NO_ROOM

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PERMISSIONS = "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), interest-cohort=()"
PERMISSIONS_TO_SPEAK = PERMISSIONS.replace("microphone=()", "microphone=(self)")

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def origin_only(view: View) -> View:
    """Mark a POST that cacheable public pages send: checked by its origin, without a token."""
    view.cps_origin_only = True  # type: ignore[attr-defined]
    return view


def machine(view: View) -> View:
    """Mark a POST that programs send without a cookie: what it carries proves by itself who may ask."""
    view.cps_machine = True  # type: ignore[attr-defined]
    return view


def let_speak() -> None:
    """Let the page that is being answered with ask for the microphone; no other page may."""
    g.may_speak = True


def init_app(app: Flask, config: Config) -> None:
    """Install header, host and origin rules."""
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(_begin)
    app.before_request(lambda: _check_origin(app, config))
    policy = _policy(config)
    app.after_request(lambda response: _finish(response, config, policy))
    app.jinja_env.globals["csrf_token"] = generate_csrf


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.started = time.monotonic()
    if NO_ROOM in request.environ:
        raise StorageFull(ENOSPC, "There was no room for this request.")


def own_origin(config: Config) -> str:
    """Return scheme and host of this installation as browsers name it."""
    if config.base_url:
        parts = urlsplit(config.base_url)
        return f"{parts.scheme}://{parts.netloc}"
    return request.host_url.rstrip("/")


def _check_origin(app: Flask, config: Config) -> None:
    """Refuse a request that changes something when another site, or nobody we know, sent it."""
    if request.method in SAFE:
        return
    view = app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, "cps_machine", False):
        return
    origins = {own_origin(config), request.host_url.rstrip("/")} if config.is_demo else {own_origin(config)}
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = site not in {None, "same-origin", "none"} or (origin is not None and origin not in origins)
    if foreign:
        abort(HTTPStatus.FORBIDDEN)
    if getattr(view, "cps_origin_only", False):
        if site is None and origin is None and not _referred_by(origins):
            abort(HTTPStatus.FORBIDDEN)
    else:
        _check_token()
    let_in()


def _check_token() -> None:
    try:
        validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRF-Token"))
    except ValidationError:
        g.csrf_failed = True
        abort(HTTPStatus.BAD_REQUEST)


def _referred_by(origins: set[str]) -> bool:
    parts = urlsplit(request.headers.get("Referer", ""))
    return f"{parts.scheme}://{parts.netloc}" in origins


def _policy(config: Config) -> str:
    images = "'self' blob:"
    if config.tile_url:
        tiles = urlsplit(config.tile_url)
        images += f" {tiles.scheme}://{tiles.netloc.replace('{s}', '*')}"
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {images}",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _finish(response: Response, config: Config, policy: str) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = PERMISSIONS_TO_SPEAK if g.get("may_speak") else PERMISSIONS
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["X-Request-Id"] = g.get("request_id", "")
    if config.uses_https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if "Cache-Control" not in headers:
        # In this order: who somebody is may not be asked where the database is gone.
        cacheable = request.method in SAFE and g.get("cacheable", False) and not current_user.is_authenticated
        headers["Cache-Control"] = "public, no-cache" if cacheable else "no-store"
    response.vary.update(["Cookie", "Accept-Language"])
    return response
