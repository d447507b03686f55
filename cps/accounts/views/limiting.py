"""How often one may try: by address or number, by browser, and most of all by network (many share one)."""

from dataclasses import dataclass
from datetime import timedelta

from cps.accounts.views.base import browser_key
from cps.core import tries, visit
from cps.core.limits import Limit

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one act, for each of whom it is counted by."""

    target: tuple[Limit, ...]
    browser: Limit
    network: Limit


PASSWORD = Limits(
    (Limit("password-of", 10, QUARTER),),
    Limit("password-by", 20, QUARTER),
    Limit("password-from", 300, QUARTER),
)
MAIL = Limits(
    (Limit("code-to", 6, HOUR), Limit("code-to-daily", 20, DAY)),
    Limit("code-by", 10, HOUR),
    Limit("code-from", 200, HOUR),
)
SMS = Limits(
    (Limit("sms-to", 3, HOUR), Limit("sms-to-daily", 8, DAY)),
    Limit("sms-by", 6, HOUR),
    Limit("sms-from", 60, HOUR),
)
"""A text message is paid for; besides these limits it needs room in a budget (`core.sms_budget`)."""

CODE = Limits((), Limit("try-by", 30, QUARTER), Limit("try-from", 300, QUARTER))
"""There is none for each address, which strangers could spend. A code is good for five tries of the browser
that asked for it, so that the codes sent to an address (`MAIL`, `SMS`) bound the tries: 100 or 40 a day."""

SECOND_STEP = Limits(
    (Limit("step-for", 10, QUARTER), Limit("step-for-daily", 50, DAY)),
    Limit("step-by", 20, QUARTER),
    Limit("step-from", 300, QUARTER),
)


def count(act: Limits, target: str) -> None:
    """Count one try at an act concerning a normal address; raises TooMany where a limit is used up.

    The widest comes first: who has used it up adds no rows for ever new addresses, and spends nobody else's.
    """
    counted = [(act.network, visit.network()), (act.browser, browser_key())]
    counted += [(limit, target) for limit in act.target]
    for limit, who in counted:
        tries.count(limit, who)
