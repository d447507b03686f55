"""Noting that somebody of a department looks at what is new, so that no inbox is silent without a word."""

from datetime import datetime, timedelta

from flask import current_app
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from cps.cases.policy import reach_of
from cps.cases.services import silence
from cps.core import clock
from cps.core.db import db, transaction

OFTEN = timedelta(minutes=15)
"""A look is noted once in so long by each process; the alarm counts in hours."""


def looked_at_new() -> None:
    """Note a look of the officer's departments; where the database is busy, a later look is noted."""
    at, noted = clock.now(), _noted()
    departments = {one for one in reach_of(current_user).departments if not _is_fresh(noted.get(one), at)}
    if not departments:
        return
    noted.update(dict.fromkeys(departments, at))
    try:
        with transaction():
            silence.note_look(departments, at=at)
    except OperationalError:
        db.session.rollback()


def _noted() -> dict[int, datetime]:
    """Return when this process last noted a look of each department."""
    known: dict[int, datetime] = current_app.extensions.setdefault("cps_inbox_looks", {})
    return known


def _is_fresh(noted: datetime | None, at: datetime) -> bool:
    return noted is not None and timedelta(0) <= at - noted < OFTEN
