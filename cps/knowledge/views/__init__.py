"""Pages of the answer base: for everybody, and for its editors."""

from cps.knowledge.views import editing, offering, public, texts, words
from cps.knowledge.views.base import bp

BLUEPRINTS = (bp,)

__all__ = ["editing", "offering", "public", "texts", "words"]
