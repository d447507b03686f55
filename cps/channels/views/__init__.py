"""Pages and hooks of what comes in."""

from cps.channels.views import hooks

BLUEPRINTS = (hooks.bp,)
