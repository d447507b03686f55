"""Channels and topics of messages, and which events of a case are told to whom; no Flask, no database."""

from collections.abc import Mapping
from enum import StrEnum

from cps.cases.rules import Audience, CaseKind, EventKind, Status


class MessageChannel(StrEnum):
    """How a message reaches a person."""

    MAIL = "mail"


class Topic(StrEnum):
    """What a message is about, as people choose how they hear of it.

    A `receipt` answers an act of one's own; a `question` is an own case that waits for its reporter; `own` is
    all other news of own cases, `followed` that of others; a `decision` is a step of a proposal that one
    supports, such as the city's answer.
    """

    CODE = "code"
    ACCOUNT = "account"
    RECEIPT = "receipt"
    QUESTION = "question"
    OWN = "own"
    FOLLOWED = "followed"
    DECISION = "decision"
    NOTICE = "notice"
    ALERT = "alert"
    DIGEST = "digest"
    STAFF = "staff"


class Pace(StrEnum):
    """How soon somebody hears of a topic: at once, with the daily digest, or only in their own list."""

    AT_ONCE = "at-once"
    DIGEST = "digest"
    NEVER = "never"


CHOICES: Mapping[Topic, tuple[Pace, ...]] = {
    Topic.QUESTION: (Pace.AT_ONCE, Pace.DIGEST),
    Topic.OWN: tuple(Pace),
    Topic.FOLLOWED: (Pace.DIGEST, Pace.AT_ONCE, Pace.NEVER),
    Topic.NOTICE: tuple(Pace),
}
"""What can be chosen, that first which holds for who chose nothing; all other topics come at once.

A question cannot be turned off: the case waits for its answer. Alerts have rhythms of their own.
"""

LISTED = frozenset(Topic) - {Topic.CODE, Topic.ALERT, Topic.DIGEST, Topic.STAFF}
"""What the list of one's own messages shows."""

OF_REPORTERS = frozenset({Topic.RECEIPT, Topic.QUESTION, Topic.OWN})
"""What only who reported a case is told of it."""

CAN_WAIT = frozenset({Topic.QUESTION, Topic.OWN, Topic.FOLLOWED, Topic.DECISION, Topic.ALERT})
"""What waits until the quiet hours are over; codes, notices and answers to acts do not."""


def pace_of(topic: Topic, chosen: Pace | None) -> Pace:
    """Return how somebody hears of a topic who chose this, or nothing."""
    can = CHOICES.get(topic, (Pace.AT_ONCE,))
    return chosen if chosen in can else can[0]


class Reader(StrEnum):
    """Why somebody is told of a case: it is theirs, it has theirs joined to it, or they follow it."""

    REPORTER = "reporter"
    JOINED = "joined"
    FOLLOWER = "follower"


NOBODY: frozenset[Reader] = frozenset()
_EVERYBODY = frozenset(Reader)
_OTHERS = _EVERYBODY - {Reader.REPORTER}

TOLD: Mapping[EventKind, frozenset[Reader]] = {
    EventKind.MOVED: _EVERYBODY,
    EventKind.UPDATED: _EVERYBODY,
    EventKind.TRANSFERRED: _EVERYBODY,
    EventKind.EXTENDED: _OTHERS,
    EventKind.JOINED: _EVERYBODY,
    EventKind.ASKED: frozenset({Reader.REPORTER}),
    EventKind.REOPEN_ASKED: _OTHERS,
}
"""Filing has a message of its own, and more time is told to the reporter with the interim reply.

What is not here is not told: staff's affairs, the reporter's own acts.
"""


def readers(kind: EventKind, audience: Audience, *, is_private: bool, is_hidden: bool) -> frozenset[Reader]:
    """Return who is told of an event: of a private or hidden case only its reporter."""
    if audience is Audience.STAFF:
        return NOBODY
    told = TOLD.get(kind, NOBODY)
    return told & {Reader.REPORTER} if is_private or is_hidden or audience is Audience.REPORTER else told


ASKS = {CaseKind.COMPLAINT: Status.CLOSED, CaseKind.PROPOSAL: Status.DELIVERED}
"""The state in which a case asks its reporter whether all is well."""


def topic_of(reader: Reader, kind: EventKind, status: Status | None, of: CaseKind) -> Topic:
    """Return under which topic somebody hears of an event of a case, which led to a state or to none."""
    if reader is Reader.FOLLOWER:
        is_step = status is not None or kind is EventKind.JOINED
        return Topic.DECISION if of is CaseKind.PROPOSAL and is_step else Topic.FOLLOWED
    asks = kind is EventKind.ASKED or status is ASKS[of]
    return Topic.QUESTION if asks and reader is Reader.REPORTER else Topic.OWN
