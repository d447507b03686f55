"""Suspensions of work: entered once, publicly, for all; undone only by an entry that corrects another.

Nothing is computed here: due dates follow by themselves, because the working calendar holds what is entered.
"""

from datetime import datetime, timedelta

from cps.core import audit
from cps.core.city import lock as lock_city
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments import queries
from cps.departments.models import WorkSuspension
from cps.departments.specs import SuspensionSpec, check_texts
from cps.departments.suspensions import Entry, in_force

LONGEST = timedelta(days=31)
ENTERED_LATE = timedelta(days=14)
"""So long after it began a suspension can still be entered: a typhoon does not wait for the office."""


def suspend_work(spec: SuspensionSpec, *, by: int | None, at: datetime) -> WorkSuspension:
    """Enter a suspension of work; raises RuleViolation, also for one that is in force already."""
    if spec.ends_at <= spec.starts_at:
        raise RuleViolation(_("The suspension must end after it begins."))
    _check(spec, at)
    entries = _lock()
    if any((one.starts_at, one.ends_at) == (spec.starts_at, spec.ends_at) for one in in_force(entries)):
        raise RuleViolation(_("This suspension was entered already."))
    return _enter(spec, None, by, at)


def correct_suspension(
    wrong: WorkSuspension, spec: SuspensionSpec, *, by: int | None, at: datetime
) -> WorkSuspension:
    """Enter what stands in place of an entry; it takes no time where it ends as it starts.

    Both stay for everybody to read. Raises RuleViolation, also where the entry was corrected already.
    """
    if spec.ends_at < spec.starts_at:
        raise RuleViolation(_("The suspension must end after it begins."))
    if spec.starts_at < wrong.starts_at:
        _check(spec, at)
    _check_words_and_length(spec)
    if any(one.corrects_id == wrong.id for one in _lock()):
        raise RuleViolation(_("This entry was corrected already. Correct the newer one."))
    return _enter(spec, wrong.id, by, at)


def _check(spec: SuspensionSpec, at: datetime) -> None:
    _check_words_and_length(spec)
    if spec.starts_at < at - ENTERED_LATE:
        raise RuleViolation(
            _("A suspension can be entered up to %(days)s days after it began.", days=ENTERED_LATE.days)
        )


def _check_words_and_length(spec: SuspensionSpec) -> None:
    check_texts(spec.reason, what=_("Reason"))
    if spec.ends_at - spec.starts_at > LONGEST:
        raise RuleViolation(_("Work can be suspended for %(days)s days at once at most.", days=LONGEST.days))


def _lock() -> list[Entry]:
    """Wait for whoever enters one at this moment, so that they come into force in the order of their ids."""
    lock_city()
    return [Entry(one.id, one.starts_at, one.ends_at, one.corrects_id) for one in queries.suspensions()]


def _enter(spec: SuspensionSpec, corrects_id: int | None, by: int | None, at: datetime) -> WorkSuspension:
    row = WorkSuspension(
        starts_at=spec.starts_at,
        ends_at=spec.ends_at,
        whole_days=spec.whole_days,
        reason=dict(spec.reason),
        entered_at=at,
        corrects_id=corrects_id,
    )
    db.session.add(row)
    db.session.flush()
    times = [spec.starts_at.isoformat(), spec.ends_at.isoformat()]
    changes = {"times": [None, times], "corrects_id": [None, corrects_id]}
    audit.record("suspend-work", about=("suspension", str(row.id)), by=by, at=at, changes=changes)
    return row
