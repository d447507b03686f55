"""A helper speaks for the reporter in the cases that the consent covers, as long as it is not ended."""

from typing import Any

from cps.cases.models import Case
from cps.cases.policy import stands_in
from cps.cases.rules import CaseKind
from cps.helpers import queries
from cps.helpers.rules import covers


@stands_in
def helps(account: Any, case: Case) -> bool:
    """Say whether an account helps the reporter of a case with it; read once a request."""
    if not account.is_authenticated or case.reporter_id is None:
        return False
    known = account.__dict__.get("_helps")
    if known is None:
        known = account.__dict__["_helps"] = queries.scopes_of_helper(account.id)
    scope = known.get(case.reporter_id)
    return scope is not None and covers(
        scope,
        is_complaint=case.kind is CaseKind.COMPLAINT,
        is_integrity=case.is_integrity,
        is_own_filing=case.filed_by_id == account.id,
    )
