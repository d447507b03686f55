"""What becomes of the desk of somebody who deletes their account."""

from cps.accounts import partings
from cps.accounts.partings import Parting
from cps.triage import services


@partings.forgets
def forget_views(parting: Parting) -> None:
    """Forget their own views; those they shared stay their department's."""
    services.forget_views(parting.account_id)
