"""Pages of accounts: signing in and out, codes by mail, one's own account."""

from cps.accounts.views import codes, leaving, me, signing_in
from cps.accounts.views.base import bp

__all__ = ["codes", "leaving", "me", "signing_in"]
BLUEPRINTS = (bp,)
