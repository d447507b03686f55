"""Writes of the desk at work; they flush and never commit."""

from cps.triage.work.services.bulk import GO_ON, begin, choose, go_on, plan
from cps.triage.work.services.checking import check
from cps.triage.work.services.doubting import check_photo, look_at_photos
from cps.triage.work.services.presence import come, leave_old
from cps.triage.work.services.undoing import Undone, forget_acts, may_undo, undo, undoable

__all__ = [
    "GO_ON",
    "Undone",
    "begin",
    "check",
    "check_photo",
    "choose",
    "come",
    "forget_acts",
    "go_on",
    "leave_old",
    "look_at_photos",
    "may_undo",
    "plan",
    "undo",
    "undoable",
]
