"""Looks at personal data that come in several requests, and are one look."""

from datetime import datetime, timedelta

from cps.core import audit
from cps.core.db import transaction
from cps.core.forms import spend_key, used_key

ONE_LOOK = timedelta(minutes=30)


def record_once(
    what: str, *, by: int, at: datetime, subject_id: int | None = None, case_id: int | None = None
) -> None:
    """Leave one row of the access log for all looks of somebody within half an hour.

    For what a browser fetches in parts, or a telephone system opens again; it opens a transaction of its own.
    """
    half_hour = at.timestamp() // ONE_LOOK.total_seconds()
    key = f"look:{what}:{by}:{subject_id}:{case_id}:{half_hour}"
    if used_key(key) is None:
        with transaction():
            if spend_key(key, purpose="look", leads_to="", at=at):
                audit.record_access(what, by=by, at=at, subject_id=subject_id, case_id=case_id)
