"""A helper speaks for the reporter in the cases that the consent covers, as long as it is not ended."""

from typing import Any

from cps.cases.models import Case
from cps.cases.policy import stands_in
from cps.cases.queries import integrity
from cps.cases.rules import CaseKind
from cps.core.db import db
from cps.helpers import queries
from cps.helpers.rules import HelperScope, covers

SEEN = "_helps"


@stands_in
def helps(account: Any, case: Case) -> bool:
    """Say whether an account helps the reporter of a case with it."""
    if not account.is_authenticated or case.reporter_id is None:
        return False
    scope, is_own = _scopes(account).get(case.reporter_id), case.filed_by_id == account.id
    if scope is None:
        return False
    asks = scope is HelperScope.ALL and not is_own
    return covers(
        scope,
        is_complaint=case.kind is CaseKind.COMPLAINT,
        is_integrity=case.is_integrity or (asks and integrity.is_released(case.id)),
        is_own_filing=is_own,
    )


def _scopes(account: Any) -> dict[int, HelperScope]:
    """Return {resident: scope} of whom an account helps; asked anew in each transaction."""
    seen_in, known = account.__dict__.get(SEEN, (None, {}))
    if seen_in is None or seen_in is not db.session().get_transaction():
        known = queries.scopes_of_helper(account.id)
        account.__dict__[SEEN] = (db.session().get_transaction(), known)
    scopes: dict[int, HelperScope] = known
    return scopes
