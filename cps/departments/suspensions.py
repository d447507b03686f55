"""Suspensions of work as the working calendar takes them: which are in force; no Flask, no database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cps.departments.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: from when to when work was suspended, and which earlier entry it stands in place of."""

    id: int
    starts_at: datetime
    ends_at: datetime
    corrects_id: int | None = None


@dataclass(frozen=True, slots=True)
class CityCalendar:
    """The working calendar of a city with every suspension that was entered, in the order of their ids."""

    usual: WorkingCalendar
    entries: Sequence[Entry] = ()

    @property
    def newest(self) -> int:
        """The newest entry that it knows; 0 where there is none."""
        return max((entry.id for entry in self.entries), default=0)

    @property
    def now(self) -> WorkingCalendar:
        """The calendar with everything that is known."""
        return self.as_of(self.newest)

    def as_of(self, newest: int) -> WorkingCalendar:
        """Return the calendar as it was when `newest` was the newest entry."""
        known = [entry for entry in self.entries if entry.id <= newest]
        stretches = tuple((entry.starts_at, entry.ends_at) for entry in in_force(known))
        return replace(self.usual, suspensions=stretches) if stretches else self.usual


def in_force(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that no later one corrects and that take any time."""
    corrected = {entry.corrects_id for entry in entries}
    return [entry for entry in entries if entry.id not in corrected and entry.starts_at < entry.ends_at]
