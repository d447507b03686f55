"""What an agent typed into the one search box: a case's number, a phone number, or words."""

from dataclasses import dataclass
from enum import StrEnum

from cps.cases import reference as references
from cps.cases.reference import NotAReference, Why
from cps.core.phone import BadPhone, any_phone
from cps.core.text import one_line

LONGEST = 200
FEWEST_DIGITS = 5


class AskedKind(StrEnum):
    """What was asked for."""

    NOTHING = "nothing"
    CASE = "case"
    MISTYPED = "mistyped"
    """As long as the number of a case, with a wrong digit."""
    PHONE = "phone"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: `text` is a reference, a number in E.164, or the words."""

    kind: AskedKind
    text: str = ""


def read_asked(text: str, country: str) -> Asked:
    """Return what a text asks for; `country` (ISO 3166) is where the agent sits."""
    words = one_line(text)[:LONGEST]
    if not words:
        return Asked(AskedKind.NOTHING)
    try:
        return Asked(AskedKind.CASE, references.parse(words))
    except NotAReference as bad:
        if bad.reason is Why.MISTYPED and words[0] not in "+0":
            return Asked(AskedKind.MISTYPED, words)
    if sum(sign.isdecimal() for sign in words) >= FEWEST_DIGITS:
        try:
            return Asked(AskedKind.PHONE, any_phone(words, country))
        except BadPhone:
            pass
    return Asked(AskedKind.WORDS, words)
