"""The answer clock of a case in words: received, seen, due (and moved from when), answered, and by whom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cps.cases.clock_models import DueChange
from cps.cases.models import Case
from cps.cases.names import names
from cps.core.i18n import gettext as _
from cps.core.i18n import long_date, ngettext


@dataclass(frozen=True, slots=True)
class ClockStep:
    """One step: what, when, and what is to be said of it. `state` is past, late, paused or coming."""

    icon: str
    what: str
    at: datetime
    state: str
    notes: list[str] = field(default_factory=list)
    is_to_the_minute: bool = False


@dataclass(frozen=True, slots=True)
class ClockInWords:
    """The steps of a clock in their order, and the department that has the case."""

    department: str
    steps: list[ClockStep]


def clock_in_words(case: Case, changes: Sequence[DueChange], now: datetime) -> ClockInWords | None:
    """Return the clock of a case; None where none runs, as of a proposal that still gathers support."""
    if case.clock_started_at is None:
        return None
    steps = [_received(case), _seen(case, now), _due(case, changes, now), _answered(case)]
    department = names().departments[case.department_id]
    return ClockInWords(department, [step for step in steps if step is not None])


def changes_of(case: Case, read: Callable[[int], Sequence[DueChange]]) -> Sequence[DueChange]:
    """Return what moved the due date; `read` is asked only where something can have."""
    moved = case.due_at != case.promised_at or case.pause_used or case.extensions
    return read(case.id) if moved else ()


def _received(case: Case) -> ClockStep:
    return ClockStep("inbox", _("Received"), case.received_at, "past", is_to_the_minute=True)


def _seen(case: Case, now: datetime) -> ClockStep | None:
    """Return when the city first did something with it, or by when it should; None where nothing is known."""
    by, at = case.acknowledge_by, case.acknowledged_at
    if at is not None:
        late = [_("later than promised")] if by is not None and at > by else []
        return ClockStep("eye", _("Seen by the city"), at, "past", late, is_to_the_minute=True)
    if by is None or not case.is_open:
        return None
    if by < now:
        return ClockStep(
            "eye", _("Should have been seen by"), by, "late", [_("Nobody has looked at it yet.")]
        )
    return ClockStep("eye", _("Will be seen by"), by, "coming")


def _due(case: Case, changes: Sequence[DueChange], now: datetime) -> ClockStep:
    notes = [_moved(change) for change in changes if change.after != change.before]
    if case.paused_at is not None and case.pause_ends_at is not None:
        until = long_date(case.pause_ends_at)
        notes.append(_("Paused until %(date)s at most: the city waits for a reply.", date=until))
        return ClockStep("hourglass", _("Answer promised by"), case.due_at, "paused", notes)
    if case.is_open:
        is_late = case.due_at < now
        what = _("Answer was promised by") if is_late else _("Answer promised by")
        return ClockStep("calendar-clock", what, case.due_at, "late" if is_late else "coming", notes)
    return ClockStep("calendar-clock", _("Answer was promised by"), case.due_at, "past", notes)


def _moved(change: DueChange) -> str:
    dates = {"before": long_date(change.before), "after": long_date(change.after)}
    if change.event_id is not None:
        return _("More time: moved from %(before)s to %(after)s. The reason stands below.", **dates)
    if change.suspension_id is not None:
        return _("The city’s work was suspended: moved from %(before)s to %(after)s.", **dates)
    return _("The city waited for a reply: moved from %(before)s to %(after)s.", **dates)


def _answered(case: Case) -> ClockStep | None:
    again = (
        ngettext("Opened again %(num)s time. The date stays.", "Opened again %(num)s times. The date stays.",
                 case.reopened)
        if case.reopened
        else ""
    )  # fmt: skip
    if case.closed_at is not None and case.outcome is not None:
        in_time = _("in time") if case.closed_at <= case.due_at else _("later than promised")
        return ClockStep(
            "check", _("Answered"), case.closed_at, "past", [in_time, *([again] if again else [])]
        )
    if case.answered_at is not None and again:
        return ClockStep("rotate-ccw", _("First answered"), case.answered_at, "past", [again])
    return None
