"""Pages of the desk at work."""

from cps.triage.work.views import bulk, supervising, undo

__all__ = ["bulk", "supervising", "undo"]
