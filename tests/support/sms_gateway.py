"""A real SMS gateway on this machine that takes, refuses, hangs or breaks off as a test says."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BREAK_OFF = 0
"""As an answer: the connection ends without one."""


@dataclass
class Phones:
    """What arrived at the gateway, and what it answers: `answers` one by one, then it takes everything.

    As a good gateway does, it sends a message once whose key it has seen before.
    """

    secret: str = "the-secret"
    answers: list[int] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)

    def texts(self) -> list[str]:
        """Return what was sent, in the order in which it was."""
        return [str(message["text"]) for message in self.sent.values()]

    def take(self, headers: dict[str, str], body: dict[str, Any]) -> int:
        """Take one request and return the status of the answer."""
        self.headers.append(headers)
        self.requests.append(body)
        if headers.get("Authorization") != f"Bearer {self.secret}":
            return 401
        status = self.answers.pop(0) if self.answers else 202
        if 200 <= status < 300 or status == BREAK_OFF:
            self.sent.setdefault(str(body["id"]), body)
        return status


@contextmanager
def serving(phones: Phones, secret: str = "the-secret") -> Iterator[str]:
    """Run the gateway; gives what CPS_SMS_URL is to be."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            status = phones.take(dict(self.headers), body)
            if status == BREAK_OFF:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            said = json.dumps({"said": status}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://{secret}@127.0.0.1:{server.server_port}/messages?from=Testford"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def hanging() -> Iterator[str]:
    """Run something that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://x@127.0.0.1:{listener.getsockname()[1]}/"
