"""`cps proposals`: what the city sets for its proposals, for cities without a page for it."""

import click
from flask.cli import with_appcontext

from cps.core import city as cities
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments import queries as departments
from cps.proposals import queries, services
from cps.proposals.models import Threshold
from cps.proposals.rules import Assurance, Goal, Settings, area_key, usual_goal
from cps.proposals.services import ThresholdSpec
from cps.wards import queries as wards

USUAL = Goal(0)


@click.group("proposals")
def proposals_group() -> None:
    """Set what obliges the city to answer proposals, and who may support them."""


@proposals_group.command("goal")
@click.option("--supports", type=int, required=True, help="So many supports oblige the city to answer.")
@click.option("--days", type=int, default=USUAL.days, show_default=True, help="Within so many days.")
@click.option("--answer-days", type=int, default=USUAL.answer_days, show_default=True,
              help="The answer is due within so many working days.")  # fmt: skip
@click.option("--ward", default="", metavar="CODE", help="Only for proposals in this ward.")
@click.option("--category", default="", metavar="CODE", help="Only for proposals of this category.")
@click.option("--department", default="", metavar="CODE", help="Who answers; else who has the category.")
@click.option("--why", default="", help="The reason, which everybody reads; in the language of the city.")
@with_appcontext
def set_goal_command(
    supports: int, days: int, answer_days: int, ward: str, category: str, department: str, why: str
) -> None:
    """Set the goal of the city, a ward, a category, or a category in a ward; the narrowest counts.

    Proposals that gather already keep theirs.
    """
    spec = ThresholdSpec(
        Goal(supports, days, answer_days),
        ward_id=_ward(ward),
        category_id=_category(category),
        department_id=_department(department),
        why={cities.get().default_language: why} if why else {},
    )
    with transaction():
        services.save_threshold(spec, by=None, at=clock.now())
    _show()


@proposals_group.command("drop-goal")
@click.option("--ward", default="", metavar="CODE", help="The goal of this ward.")
@click.option("--category", default="", metavar="CODE", help="The goal of this category.")
@with_appcontext
def drop_goal_command(ward: str, category: str) -> None:
    """Let the goal of the next wider area count again."""
    with transaction():
        gone = services.drop_threshold(area_key(_ward(ward), _category(category)), by=None, at=clock.now())
    if not gone:
        raise RuleViolation(_("No goal is set there."))
    _show()


@proposals_group.command("settings")
@click.option("--assurance", type=click.Choice([one.value for one in Assurance]),
              help="What an account must have proven to support.")  # fmt: skip
@click.option(
    "--second-reader/--one-reader", default=None, help="Who reads an answer before it is published."
)
@with_appcontext
def settings_command(assurance: str | None, second_reader: bool | None) -> None:
    """Set who may support and whether answers need a second reader; without an option, say what is set."""
    known = Settings.of(cities.get().settings)
    chosen = Settings(
        Assurance(assurance) if assurance else known.assurance,
        known.second_reader if second_reader is None else second_reader,
    )
    if chosen != known:
        with transaction():
            services.save_settings(chosen, by=None, at=clock.now())
    click.echo(f"assurance: {chosen.assurance.value}")
    click.echo(f"second reader: {'yes' if chosen.second_reader else 'no'}")
    _show()


def _show() -> None:
    """Print the goals, or the usual one where none is set."""
    rows = queries.thresholds()
    areas = [_line(row) for row in rows] or [f"usual: {usual_goal(queries.population()).supports}"]
    for line in areas:
        click.echo(line)


def _line(row: Threshold) -> str:
    where = " ".join(
        [
            *([wards.areas().codes[row.ward_id]] if row.ward_id is not None else []),
            *(
                [departments.catalogue().categories[row.category_id].code]
                if row.category_id is not None
                else []
            ),
        ]
    )
    return f"{where or 'city'}: {row.supports} in {row.days} days, answer in {row.answer_days} working days"


def _ward(code: str) -> int | None:
    if not code:
        return None
    found = wards.ward_by_code(code)
    if found is None:
        raise RuleViolation(_("There is no ward “%(code)s”.", code=code[:80]))
    return found.id


def _category(code: str) -> int | None:
    if not code:
        return None
    found = departments.catalogue().category(code)
    if found is None:
        raise RuleViolation(_("There is no category “%(code)s”.", code=code[:80]))
    return found.id


def _department(code: str) -> int | None:
    if not code:
        return None
    found = departments.catalogue().department(code)
    if found is None:
        raise RuleViolation(_("There is no department with the code “%(code)s”.", code=code[:80]))
    return found.id
