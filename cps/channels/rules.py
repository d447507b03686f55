"""Ways in and what becomes of a message that comes by one; no Flask, no database."""

from enum import StrEnum


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
