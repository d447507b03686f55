"""Every write on the register. Services flush and never commit; the caller opens the transaction."""

from cps.residents.services.cards import compare_cards, load_cards
from cps.residents.services.counter import (
    Refused,
    forget_counter_code,
    forget_expired,
    new_counter_code,
    verify,
)
from cps.residents.services.documents import verify_document
from cps.residents.services.importing import Report, compare, load
from cps.residents.services.letters import Letter, write_codes
from cps.residents.services.proving import claim

__all__ = [
    "Letter",
    "Refused",
    "Report",
    "claim",
    "compare",
    "compare_cards",
    "forget_counter_code",
    "forget_expired",
    "load",
    "load_cards",
    "new_counter_code",
    "verify",
    "verify_document",
    "write_codes",
]
