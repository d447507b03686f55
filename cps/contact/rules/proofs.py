"""How a caller shows that a private case is theirs: by its PIN, or by two facts that only they should know.

What the agent typed is compared; the agent never sees the case to compare it by eye.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cps.contact.rules.kinds import Fact
from cps.core.search import words

ENOUGH = 2
READABLE_FOR = timedelta(minutes=30)
"""So long after the proof the case stands open for this agent."""

SHORTEST_PLACE = 2
"""Words of the place that must be told, where it has as many."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a case knows of its reporter and itself."""

    name: str
    email: str
    address: str
    received_on: date


def matching(told: Mapping[Fact, str], known: Known) -> list[Fact]:
    """Return the facts that agree; what the case does not know agrees with nothing."""
    checks = {
        Fact.NAME: _same_name(told.get(Fact.NAME, ""), known.name),
        Fact.EMAIL: bool(known.email) and _plain(told.get(Fact.EMAIL, "")) == _plain(known.email),
        Fact.PLACE: _same_place(told.get(Fact.PLACE, ""), known.address),
        Fact.DAY: told.get(Fact.DAY, "") == known.received_on.isoformat(),
    }
    return [fact for fact, agrees in checks.items() if agrees]


def _same_name(told: str, name: str) -> bool:
    """Compare whole names, whichever word comes first."""
    return bool(words(name)) and sorted(words(told)) == sorted(words(name))


def _same_place(told: str, address: str) -> bool:
    """Return whether every word that was told stands in the address, and enough of them were told."""
    said, there = set(words(told)), set(words(address))
    return bool(there) and len(said) >= min(SHORTEST_PLACE, len(there)) and said <= there


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
