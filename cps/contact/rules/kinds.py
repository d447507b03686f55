"""What kinds there are of contacts, of call backs and of what follows from abuse; no Flask, no database."""

from enum import StrEnum

from cps.cases.rules import Channel

AGENT_CHANNELS = (Channel.PHONE, Channel.COUNTER, Channel.MAIL, Channel.PAPER, Channel.SMS, Channel.CHAT)
"""How somebody reaches an agent."""


class Ending(StrEnum):
    """What came of a contact."""

    ANSWERED = "answered"
    """The question was answered, from the answer base or from what the agent knows."""
    INFORMED = "informed"
    """The caller heard how a case stands."""
    FILED = "filed"
    ADDED = "added"
    """The caller hears of a case that others had reported already."""
    CALL_BACK = "call-back"
    HANDED_OVER = "handed-over"
    """Put through to a department."""
    BROKEN_OFF = "broken-off"
    ABUSIVE = "abusive"


AT_ONCE = frozenset({Ending.ANSWERED, Ending.INFORMED})
"""Nothing was left to do when the caller hung up."""


class CallBackState(StrEnum):
    """Where a promise to call somebody back stands."""

    WAITING = "waiting"
    REACHED = "reached"
    GIVEN_UP = "given-up"
    NOT_NEEDED = "not-needed"


class CallBackTurn(StrEnum):
    """What happened to a promise to call somebody back."""

    PROMISED = "promised"
    TAKEN = "taken"
    NOT_REACHED = "not-reached"
    HANDED_OVER = "handed-over"
    MOVED = "moved"
    CASE_ANSWERED = "case-answered"
    REACHED = "reached"
    GIVEN_UP = "given-up"
    NOT_NEEDED = "not-needed"


class WarningStep(StrEnum):
    """What was said to somebody who abused an agent; docs/contact-centre.md has the procedure."""

    WARNED = "warned"
    LIMITED = "limited"
    """Calls are ended, but for danger; letters, the counter and the website stay open."""


class Fact(StrEnum):
    """What a caller can tell to show that a private case is theirs."""

    PIN = "pin"
    NAME = "name"
    EMAIL = "email"
    PLACE = "place"
    DAY = "day"
