"""Pages of the desk at work."""

from cps.triage.work.views import bulk, photo_checks, supervising, undo

__all__ = ["bulk", "photo_checks", "supervising", "undo"]
