"""Commands of suspensions of work: enter, correct, list."""

from datetime import date, datetime, time, timedelta

import click
from flask.cli import with_appcontext

from cps.core import city as cities
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments import queries, services
from cps.departments.presenting import shown
from cps.departments.specs import SuspensionSpec

DAY = click.DateTime(formats=["%Y-%m-%d"])
HOUR = click.DateTime(formats=["%H:%M"])


@click.group("suspensions")
def suspensions_group() -> None:
    """Times in which the city does not work, such as a typhoon; due dates follow them."""


@suspensions_group.command("enter")
@click.argument("first_day", type=DAY)
@click.argument("last_day", type=DAY, required=False)
@click.option("--from", "starts", type=HOUR, help="Only hours: from when on the first day, such as 14:00.")
@click.option("--until", "ends", type=HOUR, help="Only hours: until when on the last day.")
@click.option(
    "--reason", "reasons", multiple=True, required=True, metavar="LANGUAGE=TEXT", help="Why; repeat."
)
@with_appcontext
def enter_command(
    first_day: datetime,
    last_day: datetime | None,
    starts: datetime | None,
    ends: datetime | None,
    reasons: tuple[str, ...],
) -> None:
    """Suspend work from the first to the last day, once, for all; everybody can read why."""
    spec = _spec(first_day.date(), (last_day or first_day).date(), starts, ends, reasons)
    with transaction():
        entry = services.suspend_work(spec, by=None, at=clock.now())
    click.echo(_("Entered as number %(number)s. The worker counts due dates anew.", number=entry.id))


@suspensions_group.command("correct")
@click.argument("number", type=int)
@click.option("--none", "is_none", is_flag=True, help="There was no suspension.")
@click.option("--first-day", type=DAY)
@click.option("--last-day", type=DAY)
@click.option("--from", "starts", type=HOUR)
@click.option("--until", "ends", type=HOUR)
@click.option(
    "--reason", "reasons", multiple=True, required=True, metavar="LANGUAGE=TEXT", help="Why; repeat."
)
@with_appcontext
def correct_command(
    number: int,
    is_none: bool,
    first_day: datetime | None,
    last_day: datetime | None,
    starts: datetime | None,
    ends: datetime | None,
    reasons: tuple[str, ...],
) -> None:
    """Undo an entry by one that stands in its place; both stay for everybody to read."""
    if is_none == (first_day is not None):
        raise click.UsageError(_("Give --none, or the days and hours that are right."))
    with transaction():
        wrong = queries.suspension(number)
        if wrong is None:
            raise RuleViolation(_("There is no such entry."))
        if first_day is None:
            spec = SuspensionSpec(wrong.starts_at, wrong.starts_at, _texts(reasons), wrong.whole_days)
        else:
            spec = _spec(first_day.date(), (last_day or first_day).date(), starts, ends, reasons)
        entry = services.correct_suspension(wrong, spec, by=None, at=clock.now())
    click.echo(_("Entered as number %(number)s. The worker counts due dates anew.", number=entry.id))


@suspensions_group.command("list")
@with_appcontext
def list_command() -> None:
    """List every entry, the newest first."""
    for entry in shown(queries.suspensions(), cities.get().zone):
        void = _(" (corrected, counts no more)") if entry.is_void else ""
        click.echo(f"{entry.id}  {entry.when}  {entry.reason}{void}")


def _spec(
    first: date, last: date, starts: datetime | None, ends: datetime | None, reasons: tuple[str, ...]
) -> SuspensionSpec:
    if (starts is None) != (ends is None):
        raise click.UsageError(_("Give both times, or none for whole days."))
    zone = cities.get().zone
    if starts is None or ends is None:
        after = last + timedelta(days=1)
        begin, end = (datetime.combine(day, time(0), zone) for day in (first, after))
        return SuspensionSpec(begin, end, _texts(reasons), whole_days=True)
    begin, end = datetime.combine(first, starts.time(), zone), datetime.combine(last, ends.time(), zone)
    return SuspensionSpec(begin, end, _texts(reasons))


def _texts(reasons: tuple[str, ...]) -> dict[str, str]:
    """Read `en=Typhoon` into a text by language; raises UsageError for anything else."""
    texts = dict(reason.partition("=")[::2] for reason in reasons)
    if not all(language and text for language, text in texts.items()):
        raise click.UsageError(_("Write a reason as LANGUAGE=TEXT, such as en=Typhoon."))
    return texts


COMMANDS = (suspensions_group,)
