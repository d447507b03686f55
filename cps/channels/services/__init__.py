"""Every write of what comes in. Services flush and never commit; the caller opens the transaction."""

from cps.channels.services.answering import refer_to_mail
from cps.channels.services.entering import Arrived
from cps.channels.services.forgetting import count_old, forget_cases, forget_old, forget_sender
from cps.channels.services.mailing import about_case, take_mail
from cps.channels.services.piecing import take_longest_waiting, take_piece
from cps.channels.services.talking import take
from cps.channels.services.ways import Way, save_way, switch, why_not

__all__ = [
    "Arrived",
    "Way",
    "about_case",
    "count_old",
    "forget_cases",
    "forget_old",
    "forget_sender",
    "refer_to_mail",
    "save_way",
    "switch",
    "take",
    "take_longest_waiting",
    "take_mail",
    "take_piece",
    "why_not",
]
