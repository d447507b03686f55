"""Every write of what comes in. Services flush and never commit; the caller opens the transaction."""

from cps.channels.services.answering import refer_to_mail
from cps.channels.services.by_hand import EnteredBefore, Entry, enter_chat, enter_form, set_aside
from cps.channels.services.chatting import mark_sent, tell_event, tell_filed
from cps.channels.services.entering import Arrived
from cps.channels.services.forgetting import count_old, forget_cases, forget_old, forget_sender
from cps.channels.services.mailing import about_case, take_mail
from cps.channels.services.piecing import take_longest_waiting, take_piece
from cps.channels.services.settling import (
    block,
    keep_about_staff,
    make_case,
    put_into_case,
    refuse,
    set_apart,
    unblock,
)
from cps.channels.services.talking import take
from cps.channels.services.ways import Way, save_way, switch, why_not

__all__ = [
    "Arrived",
    "EnteredBefore",
    "Entry",
    "Way",
    "about_case",
    "block",
    "count_old",
    "enter_chat",
    "enter_form",
    "forget_cases",
    "forget_old",
    "forget_sender",
    "keep_about_staff",
    "make_case",
    "mark_sent",
    "put_into_case",
    "refer_to_mail",
    "refuse",
    "save_way",
    "set_apart",
    "set_aside",
    "switch",
    "take",
    "take_longest_waiting",
    "take_mail",
    "take_piece",
    "tell_event",
    "tell_filed",
    "unblock",
    "why_not",
]
