"""Every write on alerts. Services flush and never commit; the caller opens the transaction."""

from cps.alerts.services.keeping import (
    TOLD_KEPT,
    begin,
    change,
    count_told,
    end,
    forget_told,
    hand_over,
    leave,
    pause,
    resume,
    stop,
)
from cps.alerts.services.matching import LETTERS, MATCH, hear_of, match

__all__ = [
    "LETTERS",
    "MATCH",
    "TOLD_KEPT",
    "begin",
    "change",
    "count_told",
    "end",
    "forget_told",
    "hand_over",
    "hear_of",
    "leave",
    "match",
    "pause",
    "resume",
    "stop",
]
