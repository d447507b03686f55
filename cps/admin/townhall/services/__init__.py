"""Changing what the city says of itself, and how it looks."""

from cps.admin.townhall.services.crest import (
    bring_crest,
    drop_crest,
    offer_crest,
    publish_crest,
    remove_crest,
)
from cps.admin.townhall.services.facts import change_city
from cps.admin.townhall.services.words import change_words

__all__ = [
    "bring_crest",
    "change_city",
    "change_words",
    "drop_crest",
    "offer_crest",
    "publish_crest",
    "remove_crest",
]
