"""A visitor without a browser: fetches pages, fills the forms that stand on them, and lints every page.

Each request runs in a context of its own, as it does on a server; inside the context that pytest-flask keeps
around a test, Flask-Login would go on remembering whoever came first.
"""

import contextvars
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

from flask import Flask, has_app_context
from itsdangerous import URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from cps.accounts.models import Account, SignInSession
from cps.core import clock
from cps.core.db import db
from cps.core.keys import hashed_token
from tests.support import factories
from tests.support.application import BASE_URL, Application
from tests.support.lint import problems
from tests.support.page import Form, Page

Result = TypeVar("Result")

MOST_REDIRECTS = 10
SPECIMENS = "/components"
"""Shows every component at once, with links that lead nowhere."""
OWN = {"Origin": BASE_URL, "Sec-Fetch-Site": "same-origin"}
"""What a browser says of itself when it sends a form of our own."""


class Site:
    """One visitor; two of them never share cookies."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.app: Flask = application.app
        self.client = self.app.test_client()
        self.page: Page | None = None
        self.statements: list[str] = []

    def another(self) -> "Site":
        """Return another visitor of the same city."""
        return Site(self.application)

    def get(self, path: str, *, follow: bool = True, **options: Any) -> Page:
        """Open an address; redirects are followed unless `follow` is off. Options as of werkzeug's client."""
        return self._visit("GET", path, follow, options)

    def head(self, path: str, **options: Any) -> Page:
        """Ask for the headers of an address."""
        return self._visit("HEAD", path, False, options)

    def follow(self, text: str) -> Page:
        """Open the link with this text on the page of the last answer."""
        return self.get(self._last().link(text))

    def submit(
        self,
        where: Page | str | None = None,
        *,
        form: str | None = None,
        button: str | None = None,
        follow: bool = True,
        headers: dict[str, str] | None = None,
        **fields: Any,
    ) -> Page:
        """Fill the form that stands on a page and send it, with its hidden fields and defaults.

        `where` is a page, its address, or the address that the form is sent to (then the form is looked for
        on the page above it); without it, the last page. `form` is a selector or the form's address, needed
        where several forms have these fields; `button` is the text of the button to press. A value is a text,
        a bool for a tick, a list for several, bytes or `(bytes, name)` for a file. Fields the form does not
        have, and choices it does not offer, are refused: use `post_raw` to forge.
        """
        found = self._form(where, form, set(fields))
        data = found.filled(fields, button)
        if found.method == "GET":
            return self.get(found.action, query_string=data, follow=follow)
        options = {"data": data, "headers": {**OWN, **(headers or {})}}
        if found.is_multipart:
            options["content_type"] = "multipart/form-data"
        return self._visit("POST", found.action, follow, options)

    def post_raw(
        self,
        path: str,
        fields: dict[str, Any] | None = None,
        *,
        with_token: bool = True,
        follow: bool = True,
        **options: Any,
    ) -> Page:
        """Send what nobody could have typed into a form; with a valid token and our own origin by default."""
        data = MultiDict(fields or {})
        if with_token:
            data.setlistdefault("csrf_token", [self.csrf_token()])
        options.setdefault("headers", OWN)
        return self._visit("POST", path, follow, {"data": data, **options})

    def sign_in(self, account: Account) -> "Site":
        """Sign this visitor in without a password; the form is tested with `submit`."""
        token = factories.token()
        at = clock.now()
        row = SignInSession(
            token_hash=hashed_token(token),
            account_id=account.id,
            created_at=at,
            seen_at=at,
            expires_at=at + timedelta(days=30),
        )
        factories.save(row)
        self._change_session({"_user_id": token, "_fresh": True})
        return self

    def sign_out(self) -> "Site":
        """Forget the cookies of this visitor."""
        self.client = self.app.test_client()
        return self

    def csrf_token(self) -> str:
        """Return a token that this visitor's session accepts."""
        value = secrets.token_hex(20)
        self._change_session({"csrf_token": value})
        serializer = URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token")
        return str(serializer.dumps(value))

    def cookie(self, name: str) -> str | None:
        """Return the value of a cookie that this visitor has."""
        cookie = self.client.get_cookie(name)
        return cookie.value if cookie else None

    def _visit(self, method: str, path: str, follow: bool, options: dict[str, Any]) -> Page:
        redirects: list[tuple[int, str]] = []
        page = self._ask(method, path, options)
        while follow and page.status in {301, 302, 303, 307, 308} and len(redirects) < MOST_REDIRECTS:
            redirects.append((page.status, page.header("Location")))
            page = self._ask("GET", _own_path(page.path, page.header("Location")), {})
        page.redirects = redirects
        self.page = page
        return page

    def _ask(self, method: str, path: str, options: dict[str, Any]) -> Page:
        self.application.statements.clear()
        options = {"buffered": True, **options}  # what streams is read within the context it was begun in
        response: TestResponse = _alone(lambda: self.client.open(path, method=method, **options))
        response.request.environ["wsgi.input"].close()  # a long body is a file that the client leaves open
        self.statements = list(self.application.statements)
        if has_app_context():
            db.session.rollback()  # what the request changed is read anew
        page = Page(response, urlsplit(path).path if "://" in path else path)
        response.close()
        if path != SPECIMENS and method != "HEAD" and page.is_html and not 300 <= page.status < 400:
            found = problems(page.html, self._needs_token, page.tree)
            assert not found, f"{method} {path} ({page.status}) is not a good page:\n- " + "\n- ".join(found)
        return page

    def _needs_token(self, action: str) -> bool:
        """Say whether the view that takes this form checks a token; some check where a form came from."""
        adapter = self.app.url_map.bind(urlsplit(BASE_URL).netloc)
        try:
            endpoint, _values = adapter.match(urlsplit(action).path, method="POST")
        except HTTPException:
            return True
        return not getattr(self.app.view_functions[str(endpoint)], "cps_origin_only", False)

    def _change_session(self, values: dict[str, Any]) -> None:
        def change() -> None:
            with self.client.session_transaction(base_url=BASE_URL) as session:
                session.update(values)

        _alone(change)

    def _form(self, where: Page | str | None, form: str | None, names: set[str]) -> Form:
        page = where if isinstance(where, Page) else self._last() if where is None else self._open(where)
        wanted = form
        if isinstance(where, str) and page.path != where and form is None:
            wanted = where
        return page.form(wanted, names)

    def _open(self, path: str) -> Page:
        """Open a page with a form, or the page above it where the address only takes what a form sends."""
        page = self._visit("GET", path, True, {})
        if page.status in {404, 405}:
            page = self._visit("GET", path.rsplit("/", 1)[0] or "/", True, {})
        assert page.status == 200, f"GET {path} answered {page.status}"
        return page

    def _last(self) -> Page:
        assert self.page is not None, "no page has been opened yet"
        return self.page


def _alone(work: Callable[[], Result]) -> Result:
    return contextvars.Context().run(work)


def _own_path(current: str, location: str) -> str:
    parts = urlsplit(urljoin(BASE_URL + current, location))
    assert f"{parts.scheme}://{parts.netloc}" == BASE_URL, f"redirected to another site: {location}"
    return parts.path + (f"?{parts.query}" if parts.query else "")
