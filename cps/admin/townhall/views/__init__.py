"""The pages of the city itself: its facts, its crest, its own words."""

from cps.admin.townhall.views import city, crest, words
from cps.admin.townhall.views.base import bp

__all__ = ["bp", "city", "crest", "words"]
