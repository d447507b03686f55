"""Joining a case to another that tells of the same."""

from datetime import datetime

from cps.accounts.models import Account
from cps.cases import queries, rules
from cps.cases.models import Case
from cps.cases.rules import CaseKind, EventKind, Mover, Outcome, Status
from cps.cases.services.people import bring_followers
from cps.cases.services.steps import go, trace
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _


def join(case: Case, into: Case, *, by: Account, at: datetime, message: str, language: str = "") -> None:
    """Close a case as a duplicate of another; its followers hear of the other from now on.

    Raises RuleViolation where the other is joined itself by now, or not for everybody to see.
    """
    queries.lock_joins(into)
    if into.id == case.id or into.joined_to_id is not None:
        raise RuleViolation(_("Choose another case that is not joined to one itself."))
    if {case.kind, into.kind} != {CaseKind.COMPLAINT}:
        raise RuleViolation(_("Complaints are joined to complaints; proposals are joined on their own page."))
    if into.is_private or into.is_hidden:
        raise RuleViolation(_("A case can only be joined to one that everybody can see."))
    rules.check_move(
        case.kind, case.status, Status.CLOSED, Mover.STAFF, message=message, outcome=Outcome.JOINED
    )
    case.joined_to_id = into.id
    go(
        case,
        Status.CLOSED,
        EventKind.JOINED,
        by=by.id,
        at=at,
        message=message,
        language=language,
        outcome=Outcome.JOINED,
    )
    bring_followers(case, into, at=at)
    trace(case, "join-case", by, at, {"joined_to_id": [None, into.id]})
