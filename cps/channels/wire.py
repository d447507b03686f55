"""What gateways and chat services hand over and are handed: JSON, signed with a secret; pure functions.

The signature is HMAC-SHA-256 (RFC 2104) over the time, a full stop and the body, in hexadecimal; the time is
that of Unix in seconds. `docs/channels.md` describes both ways.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cps.core.text import without_halves
from cps.notifications.server import THIS_MACHINE

TIME_HEADER = "X-CPS-Timestamp"
SIGNATURE_HEADER = "X-CPS-Signature"
VERSION = "v1="
CLOCKS_DIFFER = timedelta(minutes=5)
LONGEST_BODY = 65_536
LONGEST_TEXT = 10_000
LONGEST_ID = 200
LONGEST_SENDER = 254


class BadMessage(ValueError):
    """What was handed over cannot be read; the words say, in English and for programmers, what to change."""


@dataclass(frozen=True, slots=True)
class Piece:
    """That a message is piece `number` of `of`, which share `ref`."""

    ref: int
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Handed:
    """One message as it was handed over."""

    id: str
    sender: str
    text: str
    sent_at: datetime | None = None
    piece: Piece | None = None


def signature(secret: str, time: str, body: bytes) -> str:
    """Return the signature of a body that is sent at a time."""
    return VERSION + hmac.new(secret.encode(), time.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_signed(secret: str, time: str, body: bytes, shown: str, *, at: datetime) -> bool:
    """Say whether the signature is right and was made within five minutes of now."""
    if not (secret and time.isascii() and time.isdigit() and len(time) <= 12):
        return False
    is_now = abs(at.timestamp() - int(time)) <= CLOCKS_DIFFER.total_seconds()
    return hmac.compare_digest(signature(secret, time, body).encode(), shown.encode()) and is_now


def is_safe_url(url: str) -> bool:
    """Say whether what is sent to an address cannot be read on the way."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    is_clean = url.isascii() and url.isprintable() and parts.username is None and not parts.fragment
    return bool(host and is_clean) and (
        parts.scheme == "https" or (parts.scheme == "http" and host in THIS_MACHINE)
    )


def read(body: bytes) -> Handed:
    """Return the message of a body; raises BadMessage."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise BadMessage("the body is not JSON in UTF-8") from None
    if not isinstance(told, dict):
        raise BadMessage("the body is not a JSON object")
    return Handed(
        id=_text(told, "id", LONGEST_ID),
        sender=_text(told, "from", LONGEST_SENDER),
        text=_text(told, "text", LONGEST_TEXT, may_be_empty=True),
        sent_at=_moment(told.get("sent_at")),
        piece=_piece(told.get("part")),
    )


def _text(told: dict[str, Any], name: str, longest: int, *, may_be_empty: bool = False) -> str:
    """Return a text as it can be kept: half a sign, where a phone cut it in two, is marked."""
    value = told.get(name)
    if not isinstance(value, str) or not (value.strip() or may_be_empty):
        raise BadMessage(f"{name!r} must be a text")
    if len(value) > longest:
        raise BadMessage(f"{name!r} is longer than {longest} characters")
    return without_halves(value)


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadMessage("'sent_at' must be a time of ISO 8601, such as 2026-11-27T09:30:00+09:00") from None
    if moment.tzinfo is None:
        raise BadMessage("'sent_at' must name its zone, such as +09:00 or Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise BadMessage("'sent_at' is no time that there is") from None


def _piece(value: Any) -> Piece | None:
    if value is None:
        return None
    named = [value.get(name) for name in ("ref", "number", "of")] if isinstance(value, dict) else []
    numbers = [one for one in named if isinstance(one, int) and not isinstance(one, bool)]
    if len(numbers) != 3:
        raise BadMessage('\'part\' must be {"ref": …, "number": …, "of": …}, all whole numbers')
    ref, number, of = numbers
    if not (0 <= ref <= 65_535 and 1 <= number <= of <= 255):
        raise BadMessage("'part': 'ref' is from 0 to 65535, 'number' from 1 to 'of', 'of' at most 255")
    return Piece(ref, number, of) if of > 1 else None
