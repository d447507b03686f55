"""Pages on which administrators run polls, from the draft to the final result."""

from cps.polls.manage.views import (
    drafts,
    ending,
    importing,
    index,
    keys,
    opening,
    options,
    preview,
    protocol,
    running,
    show,
    topics,
    voters,
    witnesses,
)

__all__ = [
    "drafts",
    "ending",
    "importing",
    "index",
    "keys",
    "opening",
    "options",
    "preview",
    "protocol",
    "running",
    "show",
    "topics",
    "voters",
    "witnesses",
]
