"""GeoReport v2 at `/open311/v2`, its keys for administrators, and what they connect departments to."""

from cps.open311.outgoing import views as outgoing
from cps.open311.views import desk, keys, reading, sending, updates
from cps.open311.views.base import bp

__all__ = ["reading", "sending", "updates"]
BLUEPRINTS = (bp, keys.bp, outgoing.bp, desk.bp)
