"""Somebody who is registered at the counter: what the clerk writes down, and what is read aloud."""

from dataclasses import dataclass
from datetime import date

from cps.accounts.rules import IdentityKind
from cps.helpers.rules import HelperScope

CONSENT = "2026-11"
"""Which version of `templates/print/counter_consent.html` is read aloud; change it with what that says."""

PAPERS = (IdentityKind.REGISTER, IdentityKind.CARD, IdentityKind.IN_PERSON)
"""What somebody can show at the counter."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in the clerk's hands: what of it is needed depends on its kind."""

    kind: IdentityKind
    number: str = ""
    """Of the register or a card of the city, or of another document."""
    born_on: date | None = None
    ward_id: int | None = None
    """Only where the city has brought in no register."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who wants an account. Texts are clean, the address, of mail or a number, is normal."""

    name: str
    address: str
    language: str
    paper: Paper
    helper: HelperScope | None = None
    """What a helper may see whom they name at the same time."""
