"""Who of the staff opened how the reporter of a case is reached."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from cps.core.db import db
from cps.core.models import AccessRow

MOST_LOOKS = 50


def looks_at_case(case_id: int) -> Sequence[Any]:
    """Return (at, what, actor_id) of the newest looks at the contact of a case."""
    looks = select(AccessRow.at, AccessRow.what, AccessRow.actor_id).where(AccessRow.case_id == case_id)
    newest = looks.order_by(AccessRow.at.desc(), AccessRow.id.desc())
    return db.session.execute(newest.limit(MOST_LOOKS)).all()
