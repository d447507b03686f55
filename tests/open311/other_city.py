"""A real server of another city on this machine: it speaks GeoReport v2, or misbehaves as a test says."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "the-key-they-gave-us"
BREAK_OFF, HANG, DRIP, FLOOD = 0, 1, 2, 3
"""As a status: the connection ends without an answer, nothing comes, a letter now and then, or one piece
that says it has -1 bytes and is far too large."""

FLOODED = 64_000_000


@dataclass(frozen=True)
class Said:
    """One answer: a status with a body, or one of the ways to misbehave."""

    status: int
    body: bytes = b"[]"
    location: str = ""


@dataclass
class OtherCity:
    """What arrived there and what it answers: `answers` to cases and `replies` to questions, one by
    one, then as the standard wants.

    As a good server does, it files a case once whose `Idempotency-Key` it has seen before.
    """

    services: list[dict[str, Any]] = field(
        default_factory=lambda: [{"service_code": "hole", "service_name": "Potholes", "metadata": False}]
    )
    attributes: list[dict[str, Any]] = field(default_factory=list)
    answers: list[Said] = field(default_factory=list)
    replies: list[Said] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    sent: list[dict[str, list[str]]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    filed: dict[str, str] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    gives_tokens: bool = False
    has_lists: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, number: str, status: str = "open", notes: str = "") -> None:
        """Let a case stand there as this."""
        self.records[number] = {"service_request_id": number, "status": status, "status_notes": notes}

    def file(self, key: str, fields: dict[str, list[str]]) -> Said:
        """File a case, once for each key."""
        with self.lock:
            self.keys.append(key)
            self.sent.append(fields)
            scripted = self.answers.pop(0) if self.answers else None
            if scripted is not None and scripted.status != BREAK_OFF:
                return scripted
            if fields.get("api_key") != [KEY]:
                return Said(403, b'[{"code":403,"description":"wrong key"}]')
            number = self.filed.setdefault(key, f"{len(self.filed) + 1}-26")
            self.records.setdefault(number, {"service_request_id": number, "status": "open"})
            if scripted is not None:
                return scripted
            name = "token" if self.gives_tokens else "service_request_id"
            value = f"token-{number}" if self.gives_tokens else number
            return Said(201, json.dumps([{name: value}]).encode())

    def tell(self, path: str, query: dict[str, list[str]]) -> Said:
        """Answer a question."""
        with self.lock:
            self.asked.append(path)
            if self.replies:
                return self.replies.pop(0)
            name = path.rsplit("/", 1)[1].removesuffix(".json")
            if path.endswith("/services.json"):
                return Said(200, json.dumps(self.services).encode())
            if "/services/" in path:
                return Said(200, json.dumps({"service_code": name, "attributes": self.attributes}).encode())
            if "/tokens/" in path:
                found = [{"token": name, "service_request_id": self.tokens.get(name, "")}]
                return Said(200, json.dumps(found).encode())
            if path.endswith("/requests.json") and not self.has_lists:
                return Said(400, b'[{"code":400,"description":"no lists"}]')
            wanted = query["service_request_id"][0].split(",") if name == "requests" else [name]
            listed = [self.records[one] for one in wanted if one in self.records]
            return Said(200 if listed or name == "requests" else 404, json.dumps(listed).encode())


class Handler(BaseHTTPRequestHandler):
    """Takes one request and answers as the city says."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        fields = parse_qs(self.rfile.read(length).decode())
        self._say(self.server.city.file(self.headers.get("Idempotency-Key", ""), fields))

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self._say(self.server.city.tell(parts.path, parse_qs(parts.query)))

    def _say(self, said: Said) -> None:
        self.close_connection = True
        if said.status == BREAK_OFF:
            self.connection.shutdown(socket.SHUT_RDWR)
        elif said.status == HANG:
            time.sleep(3)
        elif said.status == DRIP:
            for _letter in range(100):
                self.wfile.write(b"H")
                time.sleep(0.1)
        elif said.status == FLOOD:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
            for _megabyte in range(FLOODED // 1_000_000):
                self.wfile.write(b" " * 1_000_000)
        else:
            self.send_response(said.status)
            self.send_header("Content-Length", str(len(said.body)))
            if said.location:
                self.send_header("Location", said.location)
            self.end_headers()
            self.wfile.write(said.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """The server of the other city."""

    daemon_threads = True

    def __init__(self, city: OtherCity) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.city = city

    def handle_error(self, *_: object) -> None:
        """Say nothing of those who hang up."""


@contextmanager
def serving(city: OtherCity) -> Iterator[str]:
    """Run the server; gives its base address."""
    server = Server(city)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/open311/v2"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
