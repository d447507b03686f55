"""Channels of messages, and which events of a case are told to whom; no Flask, no database."""

from collections.abc import Mapping
from enum import StrEnum

from cps.cases.rules import Audience, EventKind


class MessageChannel(StrEnum):
    """How a message reaches a person."""

    MAIL = "mail"


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
    """Return who is told of an event: of a private case only its reporter, of a hidden one nobody."""
    if is_hidden or audience is Audience.STAFF:
        return NOBODY
    told = TOLD.get(kind, NOBODY)
    return told & {Reader.REPORTER} if is_private or audience is Audience.REPORTER else told
