"""Pages of complaints: the public ones, taking part, filing."""

from cps.complaints.views import (
    filing,
    filing_photos,
    filing_place,
    filing_voice,
    filing_words,
    from_phone,
    helping,
    mapping,
    notices,
    offered,
    offline,
    public,
    sending,
    taking_part,
)

BLUEPRINTS = (public.bp,)

__all__ = [
    "filing",
    "filing_photos",
    "filing_place",
    "filing_voice",
    "filing_words",
    "from_phone",
    "helping",
    "mapping",
    "notices",
    "offered",
    "offline",
    "sending",
    "taking_part",
]
