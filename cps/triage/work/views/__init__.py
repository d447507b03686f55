"""Pages of the desk at work."""

from cps.triage.work.views import answered, bulk, photo_checks, supervising, undo

__all__ = ["answered", "bulk", "photo_checks", "supervising", "undo"]
