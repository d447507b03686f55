"""Ways in and what becomes of a message that comes by one; no Flask, no database."""

from datetime import datetime, timedelta
from enum import StrEnum

from cps.cases.rules import Channel


class WayKind(StrEnum):
    """What a way in carries."""

    SMS = "sms"
    MAIL = "mail"
    CHAT = "chat"


class Incoming(StrEnum):
    """What became of a message."""

    LANDED = "landed"
    """It is a case."""

    JOINED = "joined"
    """It is a reply, and stands in the story of its case."""

    ANSWERED = "answered"
    """It asked something that was answered at once."""

    NOTED = "noted"
    """It is written down and asks for nothing: a bounce, an automatic reply, STOP."""

    REFUSED = "refused"
    """Nothing came of it; the reason says why."""

    QUARANTINED = "quarantined"
    """Somebody has to look at it; the reason says why."""


class Why(StrEnum):
    """Why a message was refused, set apart or only noted; pages have a sentence for each."""

    BLOCKED = "blocked"
    TOO_MANY = "too-many"
    EMPTY = "empty"
    NOT_REPORTER = "not-reporter"
    AUTOMATIC = "automatic"
    MAILING_LIST = "mailing-list"
    FORGED = "forged"
    NO_SENDER = "no-sender"
    OWN_MAIL = "own-mail"
    BOUNCE = "bounce"
    DELAYED = "delayed"
    DOUBLE = "double"
    STOPPED = "stopped"
    INCOMPLETE = "incomplete"


CHANNELS = {WayKind.SMS: Channel.SMS, WayKind.MAIL: Channel.MAIL, WayKind.CHAT: Channel.CHAT}
"""How the case of a message says that it reached the city."""

DOUBLE_WITHIN = timedelta(minutes=10)
"""The same words of the same sender within this time are one report, sent twice."""

OLDEST_SENT = timedelta(days=7)
SHORTEST_REPORT = 3
"""Fewer letters than this say nothing that anybody could look at."""

KEPT = timedelta(days=90)
"""So long words and sender of a message are kept; that it came is known for longer."""

KNOWN_FOR = timedelta(days=400)


def received_at(sent_at: datetime | None, at: datetime) -> datetime:
    """Return when the city got a message: when it was sent, unless that is to come or a week ago."""
    return sent_at if sent_at is not None and at - OLDEST_SENT <= sent_at <= at else at
