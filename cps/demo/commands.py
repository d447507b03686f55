"""`cps demo`: load the demo city and say who one can be in it."""

import click
from flask import current_app
from flask.cli import with_appcontext

from cps.accounts.rules import Role
from cps.config import Config
from cps.core import clock
from cps.core.commands import prepare_database
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.progress import Bars
from cps.demo import services
from cps.demo.content import load as load_content
from cps.demo.people import OFFICERS, ROLES, UNVERIFIED, address_of
from cps.demo.plan import DOMAIN, FEWEST_RESIDENTS, PASSWORD, Plan
from cps.demo.register import TO_TRY, number_of

DEFAULT = Plan()


@click.command("demo")
@click.option("--cases", type=click.IntRange(0, 9_000_000), default=DEFAULT.cases, show_default=True,
              help="Complaints in all; the written ones are always there.")  # fmt: skip
@click.option("--residents", type=click.IntRange(FEWEST_RESIDENTS, 5_000_000), default=DEFAULT.residents,
              show_default=True, help="People who complain and back complaints.")  # fmt: skip
@click.option("--photos", type=click.IntRange(0, 1_000), default=DEFAULT.photos, show_default=True,
              help="Photos to draw at most.")  # fmt: skip
@click.option("--seed", type=int, default=DEFAULT.seed, show_default=True,
              help="Equal seeds give equal cities.")  # fmt: skip
@with_appcontext
def demo_command(cases: int, residents: int, photos: int, seed: int) -> None:
    """Load the invented city of Aurelia, once; a second time nothing is changed."""
    config: Config = current_app.extensions["cps_config"]
    if config.is_production:
        raise RuleViolation(_("The demo city is not for production. Set CPS_ENV=demo to try it."))
    prepare_database()
    with Bars() as bars:
        loaded = services.load(
            Plan(cases, residents, photos, seed),
            storage_url=config.storage_url,
            at=clock.now(),
            progress=services.Progress(bars.begin, bars.step),
        )
    click.echo(
        "The demo city is loaded." if loaded else "The demo city is there already; nothing was changed."
    )
    click.echo()
    click.echo(accounts_table())


def accounts_table() -> str:
    """Return who one can sign in as, one line each, with the password above."""
    content = load_content()
    names = {code: department.name["en"] for code, department in content.departments.items()}
    lines = [
        (f"{address_of(1)}, {address_of(2)} … {address_of(FEWEST_RESIDENTS)}", _residents()),
        *(
            (f"{member.role}@{DOMAIN}", _role(ROLES[member.role], names.get(member.department or "")))
            for member in content.staff
        ),
        *((f"{code}@{DOMAIN}", _role(Role.OFFICER, names[code])) for code in OFFICERS),
    ]
    width = max(len(address) for address, _who in lines)
    table = "\n".join(f"  {address:<{width}}  {who}" for address, who in lines)
    return f"Demo accounts, all with the password {PASSWORD}\n{table}\n{_to_try()}"


def _to_try() -> str:
    """Return what a clerk reads from the document of somebody who is not verified."""
    number = min(UNVERIFIED)
    return (
        f"To try the check of a document at /contact/identity as agent: {address_of(number)},"
        f" number {number_of(number)}, born {TO_TRY}"
    )


def _residents() -> str:
    return f"residents (all but {' and '.join(map(str, sorted(UNVERIFIED)))} verified)"


def _role(role: Role, department: str | None) -> str:
    return f"{role.value.replace('-', ' ')}{f', {department}' if department else ''}"


COMMANDS = (demo_command,)
