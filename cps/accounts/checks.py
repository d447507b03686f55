"""What `cps doctor` looks for among accounts."""

from datetime import datetime

from cps.accounts import queries
from cps.accounts.rules import Role
from cps.core.doctor import Wrong, check


@check("administrators")
def _administrators(_at: datetime) -> str:
    number = queries.count_with_role(Role.ADMINISTRATOR)
    if not number:
        raise Wrong("nobody can manage the city; run `cps create-account --role administrator`")
    return f"{number}"
