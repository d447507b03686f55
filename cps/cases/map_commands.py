"""`cps map`: counting the cases of the map."""

import click
from flask.cli import with_appcontext

from cps.cases.queries import map_cells, map_drift
from cps.cases.services import map_counting
from cps.core.db import transaction


@click.group("map")
def map_group() -> None:
    """Count the cases of the map."""


@map_group.command("rebuild")
@with_appcontext
def rebuild_command() -> None:
    """Count every case of the map anew; needed only where `cps doctor` says so.

    Pages go on showing the right numbers meanwhile; nothing is filed for as long as all cases are read once.
    """
    with transaction():
        map_counting.begin_anew()
    while map_cells.has_changes():
        with transaction():
            map_counting.count_in()
    click.echo(f"{map_drift.counted_cells()} cells of the map are counted.")
