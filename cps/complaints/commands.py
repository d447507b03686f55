"""`cps suggestions`: measure how well words tell the category of a complaint, or learn them now."""

import click
from flask.cli import with_appcontext

from cps.complaints import learning
from cps.core import clock
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments.suggesting import FEWEST_CASES, RIGHT_ENOUGH, Band, Measured, measure


@click.group("suggestions")
def suggestions_group() -> None:
    """Categories that the words of a complaint suggest at the desk."""


@suggestions_group.command("measure")
@with_appcontext
def measure_command() -> None:
    """Measure suggestions on complaints that came later than all that was learned from; changes nothing."""
    measured = measure(learning.examples(), learning.names())
    if measured is None:
        raise RuleViolation(
            _("There are too few complaints yet; %(number)s are needed.", number=FEWEST_CASES)
        )
    click.echo(f"learned from {measured.learned} complaints, measured on {measured.cases} that came later")
    if measured.repeated:
        click.echo(f"left out, as their words only repeat the name of their category: {measured.repeated}")
    click.echo(f"right at first: {_share(measured.first_right, measured.cases)}")
    click.echo(f"among the first three: {_share(measured.among_three, measured.cases)}")
    click.echo(f"temperature: {measured.temperature}")
    click.echo("how sure    complaints   said   were right")
    for band in measured.bands:
        click.echo(_line(band))
    click.echo(_advice(measured))


@suggestions_group.command("learn")
@with_appcontext
def learn_command() -> None:
    """Learn anew now; the worker does so once a day."""
    click.echo(f"learned from {learning.learn_now(clock.now())} complaints")


def _line(band: Band) -> str:
    said = f"{band.sure:.0%}" if band.cases else "–"
    right = _share(band.right, band.cases) if band.cases else "–"
    return f"from {band.begins:>4.0%}   {band.cases:>10}   {said:>4}   {right:>10}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def _advice(measured: Measured) -> str:
    threshold = measured.threshold()
    if threshold is None:
        return f"nowhere right in {RIGHT_ENOUGH:.0%}: they cannot be applied by themselves"
    return f"from {threshold:.0%} on right in {RIGHT_ENOUGH:.0%}: they may be applied by themselves"


COMMANDS = (suggestions_group,)
