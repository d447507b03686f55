"""Writes of the desk at work; they flush and never commit."""

from cps.triage.work.services.bulk import GO_ON, begin, choose, go_on, plan
from cps.triage.work.services.checking import check
from cps.triage.work.services.presence import come, leave_old
from cps.triage.work.services.undoing import Undone, forget_acts, may_undo, undo, undoable

__all__ = [
    "GO_ON",
    "Undone",
    "begin",
    "check",
    "choose",
    "come",
    "forget_acts",
    "go_on",
    "leave_old",
    "may_undo",
    "plan",
    "undo",
    "undoable",
]
