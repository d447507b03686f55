"""Pages of accounts: signing in and out, codes by mail or text message, one's own account."""

from cps.accounts.views import codes, joining, leaving, me, numbers, phones, signing_in
from cps.accounts.views.base import bp

__all__ = ["codes", "joining", "leaving", "me", "numbers", "phones", "signing_in"]
BLUEPRINTS = (bp,)
