"""A mail as it comes in: who, about what, which words, which attachments; no mail is too broken to be read.

What cannot be read of it is left out, and the whole mail is kept beside (RFC 5322, 2045 to 2047).
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from cps.channels.mail.markup import without_marks
from cps.core.email import BadAddress, normal_email
from cps.core.text import clean, one_line

LONGEST_MAIL = 20 * 1024 * 1024
LONGEST_TEXT = 10_000
LONGEST_PART = 60_000
"""Bytes of a part with words that are looked at."""

LONGEST_SUBJECT = 200
LONGEST_ID = 300
LONGEST_HEADER = 8_000
MOST_NAMED = 40
LONGEST_NAME = 60
SMALLEST_PICTURE = 20_000
"""Inline pictures of fewer bytes are logos of signatures."""

UNREADABLE = (MessageError, LookupError, ValueError, TypeError)
"""What Python's parser raises where a header or a part is not what it says."""

_MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x1f\x7f\ud800-\udfff]{3,298}>")
_TO = ("to", "cc", "delivered-to", "x-original-to", "x-envelope-to", "envelope-to")


@dataclass(frozen=True, slots=True)
class File:
    """An attachment; `name` is safe to show."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says; everything in its plain form, "" for what is missing.

    `sender` is the one form of its address, `refers_to` the Message-IDs that it answers, the nearest first.
    """

    message: Message
    message_id: str
    sender: str
    name: str
    to: tuple[str, ...]
    subject: str
    text: str
    refers_to: tuple[str, ...]
    sent_at: datetime | None
    files: tuple[File, ...]


def read(raw: bytes) -> Mail:
    """Return what a mail says; never fails, whatever the bytes are.

    Of parts inside parts inside parts, deeper than Python goes, only the head is read.
    """
    try:
        return _read(message_from_bytes(raw, policy=policy.compat32))
    except RecursionError:
        return _read(BytesHeaderParser(policy=policy.compat32).parsebytes(raw.partition(b"\n\n")[0]))


def _read(message: Message) -> Mail:
    name, sender = _sender(message)
    files = tuple(_files(message))
    return Mail(
        message=message,
        message_id=(_ids(header(message, "message-id")) or ("",))[0],
        sender=sender,
        name=name,
        to=tuple(_addresses(message, *_TO)),
        subject=one_line(header(message, "subject"))[:LONGEST_SUBJECT],
        text=_text(message)[:LONGEST_TEXT],
        refers_to=(*_ids(header(message, "in-reply-to")), *reversed(_ids(header(message, "references")))),
        sent_at=_date(message),
        files=files,
    )


def header(message: Message, name: str) -> str:
    """Return a header as text, encoded words read; "" where there is none, or one that cannot be read."""
    return _readable(message.get(name, ""))


def _flat_header(value: object) -> str:
    """Return a header of a sane length without comments inside comments, which are read by recursion."""
    text = str(value)[:LONGEST_HEADER]
    return text if text.count("(") <= MOST_NAMED else text.replace("(", " ")


def _readable(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value)[:LONGEST_HEADER])))
    except UNREADABLE:
        return ""


def _sender(message: Message) -> tuple[str, str]:
    """Return name and address of who wrote, in its one form; "" for no address."""
    for field in ("from", "sender"):
        for name, address in getaddresses([_flat_header(message.get(field, ""))]):
            with suppress(BadAddress):
                return one_line(_readable(name))[:LONGEST_NAME], normal_email(address)
    return "", ""


def _addresses(message: Message, *fields: str) -> Iterator[str]:
    for field in fields:
        values = [_flat_header(value) for value in message.get_all(field, [])[:MOST_NAMED]]
        yield from (address.lower() for _name, address in getaddresses(values) if "@" in address)


def _ids(value: str) -> tuple[str, ...]:
    return tuple(_MESSAGE_ID.findall(value))[-50:]


def _date(message: Message) -> datetime | None:
    try:
        date = parsedate_to_datetime(header(message, "date"))
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def _text(message: Message) -> str:
    """Return the words: of the plain part, else of the HTML one without its marks."""
    plain = [clean(_decoded(part)) for part in _shown(message) if part.get_content_type() == "text/plain"]
    if any(plain):
        return "\n\n".join(filter(None, plain))
    pages = [_decoded(part) for part in _shown(message) if part.get_content_type() == "text/html"]
    return "\n\n".join(filter(None, map(without_marks, pages)))


def _shown(message: Message) -> Iterator[Message]:
    """Yield the parts with the words of the mail itself: not of attachments, not of mails inside it."""
    if message.get_content_type() == "message/rfc822" or _disposition(message) == "attachment":
        return
    if not message.is_multipart():
        yield message
        return
    for part in _parts(message):
        yield from _shown(part)


def _parts(message: Message) -> list[Message]:
    found = message.get_payload()
    return [part for part in found if isinstance(part, Message)] if isinstance(found, list) else []


def _disposition(message: Message) -> str:
    try:
        return message.get_content_disposition() or ""
    except UNREADABLE:
        return ""


def _bytes(part: Message) -> bytes:
    try:
        found: Any = part.get_payload(decode=True)
    except UNREADABLE:
        return b""
    return found if isinstance(found, bytes) else b""


def _decoded(part: Message) -> str:
    data = _bytes(part)[:LONGEST_PART]
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "latin-1"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def _files(message: Message) -> Iterator[File]:
    """Yield what is attached; texts that are shown and small pictures inside them are no attachments."""
    for part in _leaves(message):
        is_text = part.get_content_maintype() == "text" and _disposition(part) != "attachment"
        if is_text or (part is message and not part.get_filename()):
            continue
        data = _bytes(part)
        is_logo = (
            _disposition(part) != "attachment" and part.get("content-id") and len(data) < SMALLEST_PICTURE
        )
        if not is_logo:
            yield File(_name(part), part.get_content_type(), data)


def _leaves(message: Message) -> Iterator[Message]:
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in _parts(message):
        yield from _leaves(part)


def _name(part: Message) -> str:
    try:
        name = _readable(part.get_filename() or "")
    except UNREADABLE:
        name = ""
    return one_line(name.replace("/", "_").replace("\\", "_"))[:LONGEST_NAME] or part.get_content_type()
