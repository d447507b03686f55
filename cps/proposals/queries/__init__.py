"""Reads of proposals. Answers and delivery, lists and comments stand in modules of their own."""

from cps.proposals.queries.goals import GoalHere, goal_for, lock_threshold, population, thresholds
from cps.proposals.queries.one import (
    find,
    get,
    hold_alone,
    hold_together,
    lock,
    lock_both,
    of_case,
)
from cps.proposals.queries.supports import (
    Supports,
    count,
    due_to_end,
    family_backed_by,
    imported,
    joined_ids,
    proposals_backed_by,
    to_recount,
)

__all__ = [
    "GoalHere",
    "Supports",
    "count",
    "due_to_end",
    "family_backed_by",
    "find",
    "get",
    "goal_for",
    "hold_alone",
    "hold_together",
    "imported",
    "joined_ids",
    "lock",
    "lock_both",
    "lock_threshold",
    "of_case",
    "population",
    "proposals_backed_by",
    "thresholds",
    "to_recount",
]
