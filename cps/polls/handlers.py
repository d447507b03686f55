"""When polls have their turn: in the worker's rounds, every hour, and after a restore."""

from datetime import datetime

from cps.core import upkeep, worker
from cps.core.backup import after_restore
from cps.core.leases import Turn
from cps.polls import working
from cps.polls.services import counter, restoring


@worker.each_round
def do_work(turn: Turn) -> int:
    """Close polls, move ballots into the ledger, count, publish."""
    return working.work(turn)


@upkeep.each_hour
def forget_lapsed_passes(at: datetime) -> None:
    """Forget passes of the counter that nobody used."""
    counter.forget_lapsed_passes(at)


@after_restore
def suspend_open_polls(at: datetime) -> str:
    """Take no votes in an open poll of a restored copy until an administrator decides."""
    return restoring.suspend_open_polls(at)


@after_restore
def name_opened_drafts(_at: datetime) -> str | None:
    """Tell of drafts that were opened after the copy was made."""
    return restoring.name_opened_drafts()
