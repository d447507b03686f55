"""Every write of the contact centre. Services flush and never commit; the caller opens the transaction."""

from cps.contact.services.abuse import limit, review, warn
from cps.contact.services.call_backs import (
    Promise,
    answered,
    back_to_agents,
    end,
    hand_over,
    not_reached,
    promise_call,
    put_off,
    reached,
    take,
)
from cps.contact.services.cases import add_to_case, prove, take_off_case
from cps.contact.services.codes import save_code
from cps.contact.services.contacts import Came, find_or_make, name_caller, record
from cps.contact.services.filing import Told, file_for
from cps.contact.services.forgetting import forget_callers, forget_of_cases, forget_person
from cps.contact.services.proposing import Wish, must_be_free, propose_for
from cps.contact.services.registering import register

__all__ = [
    "Came",
    "Promise",
    "Told",
    "Wish",
    "add_to_case",
    "answered",
    "back_to_agents",
    "end",
    "file_for",
    "find_or_make",
    "forget_callers",
    "forget_of_cases",
    "forget_person",
    "hand_over",
    "limit",
    "must_be_free",
    "name_caller",
    "not_reached",
    "promise_call",
    "propose_for",
    "prove",
    "put_off",
    "reached",
    "record",
    "register",
    "review",
    "save_code",
    "take",
    "take_off_case",
    "warn",
]
