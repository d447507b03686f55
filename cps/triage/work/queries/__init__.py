"""Reads of the desk's own work."""

from cps.triage.work.queries.acts import (
    case_of,
    cases_by_id,
    count_old_acts,
    is_old,
    last_undoable,
    lock_act,
    lock_cases,
    lock_with_joined,
    parts,
)
from cps.triage.work.queries.chosen import (
    act_of,
    colleagues,
    count_parts,
    count_reasons,
    shown_parts,
    versions,
)
from cps.triage.work.queries.overview import (
    ages,
    answers_to_read,
    asked_for_time,
    closed_between,
    count_unclear,
    ends_to_see,
    late_by_cause,
    load,
    open_ids_of,
    to_check,
)
from cps.triage.work.queries.presence import count_old_presence, who_is_there

__all__ = [
    "act_of",
    "ages",
    "answers_to_read",
    "asked_for_time",
    "case_of",
    "cases_by_id",
    "closed_between",
    "colleagues",
    "count_old_acts",
    "count_old_presence",
    "count_parts",
    "count_reasons",
    "count_unclear",
    "ends_to_see",
    "is_old",
    "last_undoable",
    "late_by_cause",
    "load",
    "lock_act",
    "lock_cases",
    "lock_with_joined",
    "open_ids_of",
    "parts",
    "shown_parts",
    "to_check",
    "versions",
    "who_is_there",
]
