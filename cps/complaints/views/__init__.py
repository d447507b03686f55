"""Pages of complaints: the public ones, taking part, filing."""

from cps.complaints.views import public, taking_part

BLUEPRINTS = (public.bp,)

__all__ = ["taking_part"]
