"""The command that helps somebody who has lost both their phone and their recovery codes."""

import click
from flask.cli import with_appcontext

from cps.accounts import queries
from cps.accounts import services as accounts
from cps.accounts.rules import CheckedHow, Grounds, ResetReason
from cps.core import clock
from cps.core.db import transaction
from cps.core.email import BadAddress, normal_email
from cps.core.errors import RuleViolation

BY_CONSOLE = Grounds(ResetReason.LOST, CheckedHow.CONSOLE)


@click.command("reset-two-step")
@click.argument("email")
@with_appcontext
def reset_two_step_command(email: str) -> None:
    """Turn off the second step of the account with this address, and sign it out everywhere.

    First make sure who asks: look at an identity card, or call them back at their desk. The account is told
    by mail, and the audit keeps it. Exit status 1 where there is no such account, or it has no second step.
    """
    try:
        known = queries.account_by_address(normal_email(email))
    except BadAddress:
        raise click.BadParameter("write an address like name@example.org") from None
    if known is None:
        raise RuleViolation(f"There is no account with the address {email}.")
    account_id = known.id
    with transaction():
        account = queries.lock_account(account_id)
        accounts.reset_two_step(account, BY_CONSOLE, by=None, at=clock.now())
    click.echo(f"The second step of {email} is off. They can turn it on with their new phone.")
