"""A visitor's browser as far as the server can tell: cookies, forms with their hidden fields, redirects."""

import html
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_KEPT = 10
REDIRECTS = {302, 303}


class WrongAnswer(RuntimeError):
    """The site did not answer as the measurement needs; the message says what it did."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of the server."""

    path: str
    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    text: str

    def form(self, action: str) -> dict[str, str]:
        """Return the hidden fields of the form that posts to `action`, and the first choice of each radio."""
        start = self.text.find(f'action="{action}"')
        if start < 0:
            raise WrongAnswer(f"{self.path} has no form for {action}")
        values: dict[str, str] = {}
        for tag in _INPUT.findall(self.text, start, self.text.find("</form>", start)):
            attributes = dict(_ATTRIBUTE.findall(tag))
            if attributes.get("type") in {"hidden", "radio"}:
                value = html.unescape(attributes.get("value", ""))
                values.setdefault(html.unescape(attributes["name"]), value)
        return values


Send = Callable[[str, str, Mapping[str, str], bytes | None], Page]
"""Method, path, headers, body → answer."""


class Wire:
    """Sends over loopback on a few connections that are kept open; notes how long each answer took."""

    def __init__(self, port: int, connections: int = 4) -> None:
        self.port = port
        self.seconds: list[float] = []
        self._local = threading.local()
        self._threads = ThreadPoolExecutor(connections)

    def do(self, works: Iterable[Callable[[], object]]) -> float:
        """Do all works, on each connection one after another; returns the seconds that all took together."""
        began = time.perf_counter()
        for _done in self._threads.map(lambda work: work(), works):
            pass  # raises what a work raised
        return time.perf_counter() - began

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Page:
        """Send one request; a connection that the server closed in between is opened anew once."""
        began = time.perf_counter()
        try:
            page = self._send(method, path, headers, body)
        except (ConnectionError, OSError):
            self._local.connection = None
            page = self._send(method, path, headers, body)
        self.seconds.append(time.perf_counter() - began)
        return page

    def _send(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Page:
        if getattr(self._local, "connection", None) is None:
            self._local.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection: HTTPConnection = self._local.connection
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        text = answer.read().decode()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Page(path, answer.status, named, tuple(answer.headers.get_all("Set-Cookie") or ()), text)


class InProcess:
    """Sends to an application in this process, to count its statements."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client(use_cookies=False)

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Page:
        """Send one request."""
        answer = self._client.open(path, method=method, headers=dict(headers), data=body)
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Page(path, answer.status_code, named, tuple(answer.headers.getlist("Set-Cookie")), answer.text)


@dataclass(slots=True)
class Browser:
    """One visitor. `page` is what they see."""

    send: Send
    origin: str
    cookies: dict[str, str] = field(default_factory=dict)
    page: Page | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    """What the visitor remembers between the steps of a job."""

    def get(self, path: str, *, status: int = 200, **headers: str) -> Page:
        """Open a page; raises WrongAnswer for another status."""
        return self._ask("GET", path, headers, None, {status})

    def post(self, path: str, values: Mapping[str, str], *, wanted: Set[int] = REDIRECTS) -> Page:
        """Send a form; raises WrongAnswer unless the server leads on to another page, or as `wanted`."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        return self._ask("POST", path, headers, urlencode(values).encode(), wanted)

    def upload(self, path: str, values: Mapping[str, str], *, field: str, name: str, data: bytes) -> Page:
        """Send a form with one file; raises WrongAnswer unless the server leads on to another page."""
        file = FileStorage(BytesIO(data), name, content_type="image/jpeg")
        boundary, body = encode_multipart({**values, field: file})
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Origin": self.origin}
        return self._ask("POST", path, headers, body, REDIRECTS)

    def opened(self) -> Page:
        """Return the page that was opened last."""
        if self.page is None:
            raise WrongAnswer("nothing was opened yet")
        return self.page

    def follow(self) -> Page:
        """Go where the last answer leads."""
        return self.get(self.next_path())

    def next_path(self) -> str:
        """Return where the last answer leads."""
        page = self.opened()
        parts = urlsplit(urljoin(self.origin + page.path, page.headers["location"]))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None, wanted: Set[int]
    ) -> Page:
        sent = {"Accept-Language": "en", "Host": urlsplit(self.origin).netloc, **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.page = page = self.send(method, path, sent, body)
        for cookie in page.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if page.status not in wanted:
            raise WrongAnswer(f"{method} {path} answered {page.status}: {_problem(page.text)}")
        return page


def _problem(text: str) -> str:
    """Return what a page says is wrong, else its title, shortened."""
    found = re.findall(r'class="field-error"[^>]*>(.*?)</p>|<title>(.*?)</title>', text, re.DOTALL)
    words = " · ".join(re.sub(r"<[^>]+>|\s+", " ", "".join(parts)).strip() for parts in found[:_KEPT])
    return words[:400] or text[:200]
