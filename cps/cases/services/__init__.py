"""Every write on cases. Services flush and never commit; the caller opens the transaction."""

from cps.cases.services.clock import start_clock
from cps.cases.services.contacts import hand_over, stop_texts
from cps.cases.services.extending import MoreTime, decide, extend
from cps.cases.services.filing import Contact, Filed, NewCase, SetAside, file_case
from cps.cases.services.handing import Refused, accept, refuse, settle, transfer
from cps.cases.services.joining import join, part
from cps.cases.services.moves import move, release, take, update
from cps.cases.services.notices import Closing, answer_all, hang, take_off
from cps.cases.services.people import follow, support, unfollow, unsupport
from cps.cases.services.photos import add_photos, drop_photo, store_photo
from cps.cases.services.reporter import answer_city, ask_reopen, confirm_fixed
from cps.cases.services.seconding import Ending, answer_end, end
from cps.cases.services.sorting import assign, categorise, mark_read, note, prioritise, tell_from_place
from cps.cases.services.story import Held, held_until
from cps.cases.services.undoing import ToUndo, can_be_undone, remember, restore

__all__ = [
    "Closing",
    "Contact",
    "Ending",
    "Filed",
    "Held",
    "MoreTime",
    "NewCase",
    "Refused",
    "SetAside",
    "ToUndo",
    "accept",
    "add_photos",
    "answer_all",
    "answer_city",
    "answer_end",
    "ask_reopen",
    "assign",
    "can_be_undone",
    "categorise",
    "confirm_fixed",
    "decide",
    "drop_photo",
    "end",
    "extend",
    "file_case",
    "follow",
    "hand_over",
    "hang",
    "held_until",
    "join",
    "mark_read",
    "move",
    "note",
    "part",
    "prioritise",
    "refuse",
    "release",
    "remember",
    "restore",
    "settle",
    "start_clock",
    "stop_texts",
    "store_photo",
    "support",
    "take",
    "take_off",
    "tell_from_place",
    "transfer",
    "unfollow",
    "unsupport",
    "update",
]
