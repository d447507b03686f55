"""Where a message goes that names no category: by its words where they are sure, else to who sorts."""

from dataclasses import dataclass

from cps.complaints import learning
from cps.core.errors import ConfigurationError
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory

CATCH_ALL = "other"
"""A category with this code takes what fits nowhere else."""


@dataclass(frozen=True, slots=True)
class Place:
    """A category, and the department where it is not the category's own."""

    category: KnownCategory
    department_id: int | None


def unsorted(words: str) -> Place:
    """Return where words go. Raises ConfigurationError where the city offers no category of complaints."""
    if sure := _surest(words):
        return Place(sure, None)
    offered = [one for one in departments.catalogue().offered() if not one.is_integrity]
    if not offered:
        raise ConfigurationError("The city offers no category of complaints: make one at /admin/categories.")
    triage = departments.find_triage_department()
    of_triage = [one for one in offered if triage is not None and one.department_id == triage.id]
    named = [one for one in offered if one.code == CATCH_ALL]
    chosen = (named or of_triage or offered[-1:])[0]
    return Place(chosen, triage.id if triage else None)


def _surest(words: str) -> KnownCategory | None:
    known = departments.learned_words()
    least = known.measured.threshold() if known and known.measured else None
    found = learning.suggestions(words)[:1] if least is not None else []
    return next((category for category, one in found if least is not None and one.sure >= least), None)
