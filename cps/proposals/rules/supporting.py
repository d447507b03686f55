"""Who may support what and when."""

from datetime import datetime
from enum import StrEnum

from cps.cases.rules import Outcome, Status

SUPPORTABLE = frozenset({Status.GATHERING, Status.ANSWER_DUE})


class NoSupport(StrEnum):
    """Why a support is refused; `proposals.wording` has a sentence for each."""

    OVER = "over"
    JOINED = "joined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ANSWERED = "answered"
    OWN = "own"
    HIDDEN = "hidden"
    UNPROVEN = "unproven"
    NOT_IN_REGISTER = "not-in-register"


_AFTER = {Status.WITHDRAWN: NoSupport.WITHDRAWN, Status.EXPIRED: NoSupport.EXPIRED}


def why_closed(
    status: Status, outcome: Outcome | None, gathers_until: datetime, at: datetime
) -> NoSupport | None:
    """Return why a proposal takes no support at a moment; None where it does, up to its last second."""
    if outcome is Outcome.JOINED:
        return NoSupport.JOINED
    if status not in SUPPORTABLE:
        return _AFTER.get(status, NoSupport.ANSWERED)
    return NoSupport.OVER if at >= gathers_until else None
