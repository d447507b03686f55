"""The SMS gateway of `CPS_SMS_URL`, as `docs/sms.md` describes it: one HTTP request for each text message.

`https://secret@gateway.example/messages?from=Testford`. Certificates are always checked, a redirect is never
followed, and a gateway without TLS must be on this machine.
"""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from cps.core.errors import ConfigurationError
from cps.core.sms_text import alphabet
from cps.notifications.mail import Refused, TryLater, Unreachable
from cps.notifications.server import THIS_MACHINE

TIMEOUT_SECONDS = 10.0
LONGEST_ANSWER = 65_536
LONGEST_WORDS = 200
TAKEN_BEFORE = 409
LATER = frozenset({408, 425, 500})
NEVER = frozenset({400, 406, 410, 413, 422})
"""Answers about this one message; every other one that is no 2xx is about the gateway or our settings."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where text messages are handed over, with which secret, and who they come from."""

    host: str
    port: int | None
    path: str
    sender: str
    uses_tls: bool
    secret: str = field(repr=False)

    @classmethod
    def from_url(cls, url: str) -> "Gateway":
        """Read `CPS_SMS_URL`; raises ConfigurationError that says what is wrong, and not the secret."""
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname
        except ValueError:
            host = None
        if not host or parts.scheme not in {"http", "https"}:
            raise ConfigurationError(
                "CPS_SMS_URL must look like https://secret@gateway.example/path?from=City."
            )
        if parts.scheme == "http" and host not in THIS_MACHINE:
            raise ConfigurationError("CPS_SMS_URL must be https:// unless the gateway is on this machine.")
        options = parse_qsl(parts.query)
        sender = next((value for name, value in options if name == "from"), "")
        query = urlencode([(name, value) for name, value in options if name != "from"])
        secret = unquote(f"{parts.username or ''}{':' + parts.password if parts.password else ''}")
        if not (secret + sender).isprintable():
            raise ConfigurationError("CPS_SMS_URL: secret and sender must be printable.")
        path = (parts.path or "/") + (f"?{query}" if query else "")
        return cls(host, port, path, sender, parts.scheme == "https", secret)

    @property
    def name(self) -> str:
        """Host and port, for people."""
        return f"{self.host}:{self.port}" if self.port else self.host


@dataclass(frozen=True, slots=True)
class Handover:
    """One text message as it is handed over; `key` is the same at each try of the same message."""

    key: str
    phone: str
    text: str


@contextmanager
def connect(gateway: Gateway) -> Iterator[HTTPConnection]:
    """Open a connection; raises Unreachable."""
    connection = _connection(gateway)
    try:
        connection.connect()
    except (OSError, HTTPException) as error:
        connection.close()
        raise Unreachable(_words(error)) from error
    try:
        yield connection
    finally:
        connection.close()


def send(connection: HTTPConnection, gateway: Gateway, message: Handover) -> None:
    """Hand over one message; returns when the gateway has it, also from an earlier try.

    Raises Refused or TryLater for this message. Raises Unreachable when the gateway or our settings are the
    trouble, or the connection broke: then nobody knows whether the message was taken.
    """
    try:
        connection.request("POST", gateway.path, _body(gateway, message), _headers(gateway, message))
        answer = connection.getresponse()
        words = _readable(answer)
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(_words(error)) from error
    judge(answer.status, words)


def judge(status: int, words: str = "") -> None:
    """Return where an answer with this status says that a message was taken, now or before.

    Raises Refused or TryLater with the words of the answer; Unreachable without, because it is logged.
    """
    if 200 <= status < 300 or status == TAKEN_BEFORE:
        return
    said = f"{status} {words}".strip()
    if status in NEVER:
        raise Refused(said)
    raise TryLater(said) if status in LATER else Unreachable(str(status))


def _connection(gateway: Gateway) -> HTTPConnection:
    if not gateway.uses_tls:
        return HTTPConnection(gateway.host, gateway.port, timeout=TIMEOUT_SECONDS)
    context = ssl.create_default_context()
    return HTTPSConnection(gateway.host, gateway.port, timeout=TIMEOUT_SECONDS, context=context)


def _body(gateway: Gateway, message: Handover) -> bytes:
    content = {
        "id": message.key,
        "to": message.phone,
        "from": gateway.sender,
        "text": message.text,
        "alphabet": alphabet(message.text).value,
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _headers(gateway: Gateway, message: Handover) -> dict[str, str]:
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": message.key}
    return {**headers, "Authorization": f"Bearer {gateway.secret}"} if gateway.secret else headers


def _readable(answer: HTTPResponse) -> str:
    """Return the beginning of what a gateway said as one line; all is read, so that the line stays open."""
    words = answer.read(LONGEST_ANSWER).decode(errors="replace")
    return " ".join(words.split())[:LONGEST_WORDS]


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:LONGEST_WORDS]
