"""Pages of proposals: the lists, the page of one, supporting, discussing, writing, what authors do."""

from cps.proposals.views import (
    authoring,
    base,
    discussing,
    listing,
    mapping,
    own,
    pictures,
    public,
    sending,
    supporting,
    writing,
)

BLUEPRINTS = (base.bp, own.bp)

__all__ = [
    "authoring",
    "discussing",
    "listing",
    "mapping",
    "own",
    "pictures",
    "public",
    "sending",
    "supporting",
    "writing",
]
