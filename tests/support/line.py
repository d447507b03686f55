"""A bad line between a browser and the server: slow, cut, cut after the request went through, busy, or down.

It stands outside of the browser, so that requests of its service worker suffer like those of its pages.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

BLOCK = 2_048
AT_ONCE = 1.0
"""Seconds within which a browser repeats a request whose connection was closed without a word."""

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}


class Fault(Enum):
    """What becomes of a request."""

    LOST = "it never arrives"
    UNANSWERED = "it arrives, its answer does not"
    BUSY = "the server says 503"
    TOO_LARGE = "something on the way says 413"


REFUSALS = {
    Fault.BUSY: (503, [("Content-Type", "text/html"), ("Retry-After", "1")], b"busy"),
    Fault.TOO_LARGE: (413, [("Content-Type", "text/html")], b"too large"),
}


@dataclass
class _Coming:
    """A fault that waits for its request."""

    matches: Callable[[str], bool]
    fault: Fault
    began: float = 0

    def meets(self, request: str) -> bool:
        """Say whether the request suffers it: the first one that matches, and those that follow at once."""
        if not self.matches(request) or (self.began and time.monotonic() - self.began > AT_ONCE):
            return False
        self.began = self.began or time.monotonic()
        return True


@dataclass
class Line:
    """The line; `url` is where the browser finds the site."""

    server: str
    bytes_a_second: float = 0
    latency: float = 0
    is_down: bool = False
    passed: list[str] = field(default_factory=list)
    """Each request that arrived: "POST /complaints/new/place"."""

    lost: list[str] = field(default_factory=list)
    edits: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    """By its path, what becomes of an answer on the way: as if another version of the program had sent it."""

    url: str = ""
    _faults: list["_Coming"] = field(default_factory=list)
    _lock: Any = field(default_factory=Lock)

    def once(self, fault: Fault, matches: Callable[[str], bool]) -> None:
        """Let the next request that matches suffer this, and what the browser repeats by itself at once."""
        self._faults.append(_Coming(matches, fault))

    def fault_of(self, request: str) -> Fault | None:
        """Return what becomes of a request, and count it."""
        with self._lock:
            found = next((one for one in self._faults if one.meets(request)), None)
            fault = Fault.LOST if self.is_down else found.fault if found else None
            (self.lost if fault else self.passed).append(request)
            return fault

    def travel(self, size: int) -> None:
        """Take the time that so many bytes need."""
        if self.bytes_a_second:
            time.sleep(size / self.bytes_a_second)

    def ask(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, list[Any], bytes]:
        """Pass a request on and return status, headers and body of the answer."""
        connection = HTTPConnection(self.server, timeout=30)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                if name.lower() not in HOP_BY_HOP:
                    connection.putheader(name, value)
            connection.putheader("Connection", "close")
            connection.endheaders(body or None)
            answer = connection.getresponse()
            content = answer.read()
            kept = [
                (n, v) for n, v in answer.getheaders() if n.lower() not in {*HOP_BY_HOP, "content-length"}
            ]
            return answer.status, kept, content


class _Handler(BaseHTTPRequestHandler):
    """Takes one request off a connection, lets it suffer, and passes it on."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        line = self.server.line
        self.close_connection = True
        time.sleep(line.latency)
        body = self._read(int(self.headers.get("Content-Length") or 0))
        fault = line.fault_of(f"{self.command} {self.path.split('?')[0]}")
        if fault is Fault.LOST:
            return
        answer = REFUSALS[fault if fault in REFUSALS else Fault.BUSY]  # as a proxy whose server is gone
        if fault not in REFUSALS:
            with contextlib.suppress(HTTPException, OSError):
                answer = line.ask(self.command, self.path, self.headers, body)
        if fault is not Fault.UNANSWERED:
            with contextlib.suppress(OSError):
                self._answer(*answer)

    def _read(self, length: int) -> bytes:
        body = b""
        while len(body) < length and (part := self.rfile.read(min(BLOCK, length - len(body)))):
            self.server.line.travel(len(part))
            body += part
        return body

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        body = self.server.line.edits.get(self.path, lambda as_it_is: as_it_is)(body)
        self.send_response_only(status)
        for name, value in [*headers, ("Content-Length", str(len(body))), ("Connection", "close")]:
            self.send_header(name, value)
        self.end_headers()
        for start in range(0, len(body), BLOCK):
            part = body[start : start + BLOCK]
            self.server.line.travel(len(part))
            self.wfile.write(part)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    """The end of the line that browsers see."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, line: Line) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.line = line


@contextmanager
def line_to(url: str) -> Iterator[Line]:
    """Open a line to the server at this address, on a port of its own."""
    line = Line(server=url.removeprefix("http://"))
    server = _Server(line)
    line.url = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()
