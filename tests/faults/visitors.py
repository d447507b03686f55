"""People who use a running server over HTTP: signed in, sending forms, trying again when no answer came."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Event, Thread
from urllib.parse import urlencode

from cps.accounts.models import Account
from cps.cases.models import Case, CaseEvent
from cps.core.db import db
from tests.faults.serving import PATIENCE, Answer, Server
from tests.support.site import OWN, Site

PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in on a running server."""

    server: Server
    cookie: str
    token: str

    @classmethod
    def signed_in(cls, server: Server, site: Site, account: Account) -> "Visitor":
        """Return a visitor with a session of this account."""
        own = site.another().sign_in(account)
        token = own.csrf_token()
        return cls(server, str(own.cookie("cps")), token)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form once; raises OSError or HTTPException where no answer comes."""
        return self.server.ask(path, self.body(**fields), **self.headers())

    def body(self, **fields: str) -> str:
        """Return what a form with these fields sends."""
        return urlencode({"csrf_token": self.token, **fields})

    def headers(self) -> dict[str, str]:
        """Return what a browser says with a form of the site."""
        form = "application/x-www-form-urlencoded"
        return {**OWN, "Cookie": f"cps={self.cookie}", "Content-Type": form}


@dataclass
class Reporter:
    """Writes one message after another about a case, as people do: a message without an answer is sent again.

    `acknowledged` are the messages that the server said it has; `refused` what else it answered, `failures`
    why no answer came.
    """

    visitor: Visitor
    case: Case
    acknowledged: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._path = f"/complaints/{self.case.reference}/reply"

    def request(self, message: str, **more: str) -> tuple[bytes, bytes]:
        """Return head and body of the request that sends a message, for who sends it in pieces."""
        body = self.visitor.body(form_key=secrets.token_urlsafe(18), message=message)
        headers = {"Host": "localhost", "Content-Length": str(len(body)), **self.visitor.headers(), **more}
        lines = [f"POST {self._path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode(), body.encode()

    def write_until(self, enough: Event) -> None:
        """Write until it is enough; the last message is acknowledged as well."""
        while not enough.is_set():
            time.sleep(PAUSE_SECONDS)
            self.write(f"Message {len(self.acknowledged)} {secrets.token_hex(4)}")

    def write(self, message: str) -> None:
        """Send one message until the server says that it has it."""
        key = secrets.token_urlsafe(18)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                status = self.visitor.post(self._path, message=message, form_key=key).status
            except (OSError, HTTPException) as error:
                self.failures.append(repr(error))
                time.sleep(PAUSE_SECONDS)
                continue
            if status == 303:
                self.acknowledged.append(message)
                return
            self.refused.append(status)
            time.sleep(PAUSE_SECONDS)
        raise AssertionError("nobody took the message")


@contextmanager
def writing(reporters: list[Reporter]) -> Iterator[None]:
    """Let reporters write, each in a thread of its own, for as long as the block lasts."""
    enough = Event()
    threads = [Thread(target=reporter.write_until, args=[enough]) for reporter in reporters]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def messages() -> list[str]:
    """Return every message that the database has of reporters."""
    db.session.rollback()
    written = db.select(CaseEvent.message).where(CaseEvent.message != "", CaseEvent.actor_id.is_not(None))
    return list(db.session.scalars(written.order_by(CaseEvent.id)))
