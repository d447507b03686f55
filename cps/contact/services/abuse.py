"""Steps against abusive calls (docs/contact-centre.md); each has a reason, an end and a review."""

from datetime import datetime

from cps.accounts.models import Account
from cps.contact import queries
from cps.contact.models import Caller, CallerWarning
from cps.contact.rules import LIMITED_FOR, WARNED_FOR, WarningStep, may_limit
from cps.core import audit
from cps.core.db import db
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.i18n import gettext as _


def warn(caller: Caller, reason: str, *, contact_id: int | None, by: Account, at: datetime) -> CallerWarning:
    """Note that a caller was warned in this call: it stands for 90 days. The caller is locked."""
    return _step(caller, WarningStep.WARNED, reason, at + WARNED_FOR, contact_id, by, at)


def limit(caller: Caller, reason: str, *, by: Account, at: datetime) -> CallerWarning:
    """Let agents end the calls of somebody for 14 days, unless somebody is in danger. The caller is locked.

    Raises RuleViolation without a warning that stands.
    """
    if not may_limit(queries.warnings_of(caller.id), at):
        raise RuleViolation(_("Calls are limited only after a warning that still stands."))
    return _step(caller, WarningStep.LIMITED, reason, at + LIMITED_FOR, None, by, at)


def review(warning: CallerWarning, words: str, *, lifts: bool, by: Account, at: datetime) -> None:
    """Look at a step that somebody else took, and let it stand or lift it. The step is locked.

    Raises RuleViolation for one's own step and for lifting without a reason, AlreadyDone where it was
    looked at.
    """
    if warning.by_id == by.id:
        raise RuleViolation(_("Somebody else looks at what you decided."))
    if warning.reviewed_at is not None:
        raise AlreadyDone(_("A colleague has looked at this already."))
    if lifts and not words.strip():
        raise RuleViolation(_("Say why."))
    warning.reviewed_at, warning.reviewed_by_id, warning.review = at, by.id, words
    warning.lifted_at = at if lifts else None
    _trace("review-caller", warning, by, at, {"lifted": [False, lifts]})


def _step(
    caller: Caller,
    step: WarningStep,
    reason: str,
    until: datetime,
    contact_id: int | None,
    by: Account,
    at: datetime,
) -> CallerWarning:
    if not reason:
        raise RuleViolation(_("Say what was said, in the caller’s words."))
    warning = CallerWarning(
        caller_id=caller.id, contact_id=contact_id, step=step, reason=reason, at=at, until=until, by_id=by.id
    )
    db.session.add(warning)
    db.session.flush()
    _trace(f"caller-{step.value}", warning, by, at, {"until": [None, until.isoformat()]})
    return warning


def _trace(
    action: str, warning: CallerWarning, by: Account, at: datetime, changes: dict[str, list[object]]
) -> None:
    audit.record(action, about=("caller", warning.caller_id), by=by.id, at=at, changes=changes)
    db.session.flush()
