"""Pages on which administrators run polls, in the order of a poll's life."""

from cps.polls.manage.views import (
    ending,
    index,
    keys,
    opening,
    options,
    preview,
    protocol,
    running,
    show,
    topics,
)

__all__ = [
    "ending",
    "index",
    "keys",
    "opening",
    "options",
    "preview",
    "protocol",
    "running",
    "show",
    "topics",
]
