"""Pages on which administrators look after accounts, and the page that an invitation opens."""

from cps.admin.people.views import accepting, changing, inviting
from cps.admin.people.views.listing import bp

__all__ = ["accepting", "bp", "changing", "inviting"]
BLUEPRINTS = (bp, accepting.bp)
