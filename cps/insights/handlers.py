"""What the worker does by itself: months, the year, morning reports; and what ends with an account."""

import logging
from datetime import datetime

from sqlalchemy import delete

from cps.accounts import joins, partings
from cps.accounts.partings import Parting
from cps.core import city as cities
from cps.core import upkeep
from cps.core.db import db, transaction
from cps.core.errors import ConfigurationError
from cps.core.keys import app_keys_dir
from cps.insights import services
from cps.insights.models import MorningReader, MorningStop
from cps.insights.rules import FiguresRefused
from cps.insights.schedule import due_months

log = logging.getLogger(__name__)

joins.carries(MorningStop.account_id, MorningReader.added_by_id)


@upkeep.each_hour
def call_for_report(at: datetime) -> None:
    """Call for the next morning report."""
    city = cities.find()
    if city is not None:
        services.call_for_report(city, at)


@upkeep.each_hour_alone
def publish_months(at: datetime) -> None:
    """Publish every month whose time has come, each in a transaction of its own; two workers do each once."""
    city = cities.find()
    if city is None:
        return
    for month in due_months(city, at):
        try:
            with transaction():
                services.freeze(month, city, at=at, keys=app_keys_dir())
        except FiguresRefused:
            log.info("another worker published a month", extra={"month": str(month)})
        except ConfigurationError as error:
            log.error("a month waits for its key: %s", error, extra={"month": str(month)})  # noqa: TRY400
            return


@upkeep.each_hour_alone
def count_year(at: datetime) -> None:
    """Count the year of what came, where yesterday is not in it yet."""
    city = cities.find()
    if city is None or services.is_counted(city, at):
        return
    with transaction():
        services.keep_year(city, at)


@partings.forgets
def forget_reader(parting: Parting) -> None:
    """Forget that somebody did not want the report, and their address among its readers."""
    for statement in (
        delete(MorningStop).where(MorningStop.account_id == parting.account_id),
        delete(MorningReader).where(MorningReader.email.in_(parting.addresses)),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
