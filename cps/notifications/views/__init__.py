"""Pages of messages: stopping them by their links, the demo's mailbox, what text messages cost."""

from cps.notifications.views import costs, messages

BLUEPRINTS = (messages.bp, costs.bp)
