"""The round in which answers by chat leave: claimed, handed to the service of their way, marked.

At least once, as text messages: a message carries the same key at each try. Requests never wait for a
service. One that cannot be reached is left alone for a growing pause; the messages of others leave meanwhile.
"""

import json
import logging
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from cps.channels import queries, services, wire
from cps.channels.models import ChatMessage, WayIn
from cps.channels.tags import unsealed
from cps.core import clock, leases
from cps.core.db import db, transaction
from cps.core.keys import app_key, keyed_tag
from cps.core.leases import Turn
from cps.notifications import gateway
from cps.notifications.delivery import Line, postponed_on_failure
from cps.notifications.gateway import LONGEST_ANSWER, Gateway
from cps.notifications.mail import Unreachable

log = logging.getLogger(__name__)

MESSAGES_AT_ONCE = 20
KEY_LENGTH = 32

_lines: dict[str, Line] = {}


@dataclass(frozen=True, slots=True)
class Service:
    """Where the answers of one way are handed over, and with which secret they are signed."""

    name: str
    url: str
    secret: str

    @property
    def gateway(self) -> Gateway:
        """The same for a connection."""
        parts = urlsplit(self.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Gateway(parts.hostname or "", parts.port, path, "", parts.scheme == "https", "")


def deliver(turn: Turn) -> int:
    """Send what is due; returns how many messages were tried. Where a way has no address they wait."""
    done = 0
    for way in _services():
        line = _lines.setdefault(way.url, Line())
        if turn.is_over() or line.is_closed(clock.now()):
            continue
        keys = leases.claim(ChatMessage, turn.owner, ChatMessage.way == way.name, limit=MESSAGES_AT_ONCE)
        done += _send_all(way, keys, line, turn) if keys else 0
    return done


def _services() -> list[Service]:
    found = [_service(way) for way in queries.ways() if way.is_on and way.answers_url]
    db.session.rollback()  # no transaction stays open while a service is talked to
    return found


def _service(way: WayIn) -> Service:
    return Service(way.name, way.answers_url, unsealed(way.sealed_secret))


def _send_all(to: Service, keys: list[int], line: Line, turn: Turn) -> int:
    tried = 0
    try:
        with gateway.connect(to.gateway) as connection:
            while tried < len(keys) and not (tried and turn.is_over()):
                tried += 1
                _send_one(connection, to, keys[tried - 1], turn.owner)
                line.works()
    except Unreachable as error:
        line.failed(clock.now())
        log.warning("chat service unreachable: %s", error, extra={"way": to.name})
    leases.give_back(ChatMessage, keys[tried:], turn.owner)
    return tried


def _send_one(connection: HTTPConnection, to: Service, key: int, owner: str) -> None:
    """Send one message and write down what became of it; raises Unreachable when the line broke."""
    row = queries.chat_message(key)
    if row is None:
        return
    told = {
        "id": keyed_tag(app_key("chat-key"), row.dedupe_key)[:KEY_LENGTH],
        "to": row.address,
        "text": row.text,
    }
    db.session.rollback()
    with postponed_on_failure(ChatMessage, key, owner):
        _hand_over(connection, to, told)
        with transaction():
            services.mark_sent(key, owner, at=clock.now())


def _hand_over(connection: HTTPConnection, to: Service, told: dict[str, str]) -> None:
    """Hand over one message; raises Refused, TryLater or Unreachable, as text messages do."""
    body, time = json.dumps(told, ensure_ascii=False).encode(), str(int(clock.now().timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": told["id"],
        wire.TIME_HEADER: time,
        wire.SIGNATURE_HEADER: wire.signature(to.secret, time, body),
    }
    try:
        connection.request("POST", to.gateway.path, body, headers)
        answer = connection.getresponse()
        answer.read(LONGEST_ANSWER)
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(type(error).__name__) from error
    gateway.judge(answer.status)
