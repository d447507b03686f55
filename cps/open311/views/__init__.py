"""GeoReport v2 at `/open311/v2`, and its keys for administrators."""

from cps.open311.views import keys, reading, sending, updates
from cps.open311.views.base import bp

__all__ = ["reading", "sending", "updates"]
BLUEPRINTS = (bp, keys.bp)
