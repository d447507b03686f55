"""The one time of all web servers, for what opens and closes to the second."""

from datetime import datetime

from sqlalchemy import func, select

from cps.core import clock
from cps.core.db import db


def server_time() -> datetime:
    """Return the time by the database's clock, where it has one of its own; a clock that was set wins.

    On PostgreSQL it is read anew at each call, not once a transaction.
    """
    if clock.is_set() or db.engine.dialect.name != "postgresql":
        return clock.now()
    moment: datetime = db.session.execute(select(func.clock_timestamp())).scalar_one()
    return moment
