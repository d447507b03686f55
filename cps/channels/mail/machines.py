"""Mails that no person wrote: automatic replies (RFC 3834), lists, what came back (RFC 3464), our own."""

import re
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from itertools import islice

from cps.channels.mail.reading import Mail, header
from cps.core.email import BadAddress, normal_email

MOST_NAMED = 20
"""Recipients, and mails, of a report that are looked at: all of these with all of those."""

_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_ROBOTS = frozenset(
    {"mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply", "do-not-reply", "bounces"}
)
_DMARC_FAILED = re.compile(r"(?i)\bdmarc\s*=\s*fail\b")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_NAMES_CASE = re.compile(r"<[^<>\s]{3,298}>|[^\s<>,;+]{1,64}\+[0-9a-f-]{8,60}@[^\s<>,;]{1,200}")


class Kind(StrEnum):
    """What kind of mail it is; only what a person wrote is answered."""

    PERSON = "person"
    OWN = "own"
    BOUNCE = "bounce"
    REPLY = "automatic reply"
    MACHINE = "machine"
    LIST = "list"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours did not arrive: to whom, why (RFC 3463), for good or not yet, what it referred to."""

    recipient: str
    status: str
    is_for_good: bool
    refers_to: tuple[str, ...]


def kind_of(mail: Mail, *, own: frozenset[str], host: str) -> Kind:
    """Return what kind of mail it is; `own` are the city's own addresses, `host` that of its Message-IDs."""
    message = mail.message
    if mail.sender in own or mail.message_id.endswith(f"@{host}>") or _loops(message, own):
        return Kind.OWN
    if is_report(message) or _is_null(header(message, "return-path")) or _is_daemon(mail.sender):
        return Kind.BOUNCE
    said = header(message, "auto-submitted").split(";")[0].strip().lower()
    if said.startswith("auto-replied") or message.get("x-autoreply") or message.get("x-autorespond"):
        return Kind.REPLY
    precedence = header(message, "precedence").strip().lower()
    if precedence == "auto_reply":
        return Kind.REPLY
    if message.get("list-id") or message.get("list-unsubscribe") or precedence in _BULK:
        return Kind.LIST
    if (said and said != "no") or mail.sender.partition("@")[0] in _ROBOTS:
        return Kind.MACHINE
    return Kind.FORGED if _DMARC_FAILED.search(header(message, "authentication-results")) else Kind.PERSON


def is_report(message: Message) -> bool:
    """Say whether it reports what became of a mail."""
    reports = header(message, "content-type").lower()
    return message.get_content_type() == "multipart/report" and "delivery-status" in reports


def bounces(message: Message) -> list[Bounce]:
    """Return whom a report is about; empty for a report that names nobody."""
    parts = list(message.walk())
    quoted = (
        found
        for part in parts
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}
        for found in _quoted_ids(part)
    )
    refers_to = tuple(islice(quoted, MOST_NAMED))
    told = (
        bounce
        for part in parts
        if part.get_content_type() == "message/delivery-status"
        for bounce in _recipients(part, refers_to)
    )
    return list(islice(told, MOST_NAMED))


def _recipients(part: Message, refers_to: tuple[str, ...]) -> list[Bounce]:
    blocks = part.get_payload()
    found = []
    for block in [one for one in blocks if isinstance(one, Message)] if isinstance(blocks, list) else []:
        told = header(block, "final-recipient") or header(block, "original-recipient")
        try:
            recipient = normal_email(told.partition(";")[2].strip(" <>"))
        except BadAddress:
            continue
        action = header(block, "action").strip().lower()
        status = _STATUS.search(header(block, "status"))
        code = status.group(1) if status else ""
        found.append(Bounce(recipient, code, action == "failed" and not code.startswith("4"), refers_to))
    return found


def _quoted_ids(part: Message) -> list[str]:
    """Return the Message-IDs, and addresses for replies, in the headers of the mail that came back.

    What is inside that mail is never put together again: hostile parts take a minute, or cannot be.
    """
    inner = part.get_payload()
    mails = inner if isinstance(inner, list) else []
    heads = [str(value) for one in mails if isinstance(one, Message) for value in one.values()] or [
        str(inner)
    ]
    return _NAMES_CASE.findall("\n".join(heads)[:20_000])


def _loops(message: Message, own: frozenset[str]) -> bool:
    return any(str(value).strip().lower() in own for value in message.get_all("x-loop", []))


def _is_null(path: str) -> bool:
    return path.strip() == "<>"


def _is_daemon(sender: str) -> bool:
    return sender.partition("@")[0] in {"mailer-daemon", "postmaster"}
