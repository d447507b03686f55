"""Pages of messages: one's own, stopping them, the demo's mailbox, costs, failures, previews."""

from cps.notifications.views import costs, failed, messages, previews, told

BLUEPRINTS = (messages.bp, costs.bp, told.bp, failed.bp, previews.bp)
