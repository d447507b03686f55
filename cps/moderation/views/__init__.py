"""Pages of moderation: objecting and appealing for everybody, the queue and the acts for moderators."""

from cps.moderation.views import about, acts, appeals, flags, originals, queue, things
from cps.moderation.views.base import bp

BLUEPRINTS = (bp,)

__all__ = ["about", "acts", "appeals", "flags", "originals", "queue", "things"]
