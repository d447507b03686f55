"""What the check page carries to the cast: choice, receipt code and declared facts in one signed field.

The field is bound to the poll, its specification and its voter: anywhere else it is worth nothing. The poll
decides how long it is good: it takes votes only while it is open.
"""

from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from cps.core.keys import app_key, keyed_tag
from cps.polls import receipt
from cps.polls.ballot import Choice
from cps.polls.eligibility import Facts

LONGEST = 4_000
"""Characters of a field that are looked at; sixty options of twelve letters need a third of it."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A vote between check and cast; as secret as the choice, so it does not show itself in a log."""

    choice: Choice
    code: str
    facts: Facts | None = None

    def __repr__(self) -> str:
        return "Carried(…)"


def sign(carried: Carried, *bound: str) -> str:
    """Return the text of the hidden field, good only with the same `bound`."""
    facts = carried.facts
    content = {
        "choice": list(carried.choice),
        "code": carried.code,
        "facts": None if facts is None else [facts.ward, facts.age],
    }
    return str(_signer(bound).dumps(content))


def read(text: str, *bound: str) -> Carried | None:
    """Return what a hidden field carries; None where it was altered, or belongs to another vote."""
    if len(text) > LONGEST:
        return None
    try:
        content: Any = _signer(bound).loads(text)
    except BadData:
        return None
    facts = None if content["facts"] is None else Facts(*content["facts"])
    return Carried(tuple(content["choice"]), content["code"], facts) if _is_whole(content) else None


def _is_whole(content: dict[str, Any]) -> bool:
    return receipt.is_code(content["code"]) and all(isinstance(code, str) for code in content["choice"])


def _signer(bound: tuple[str, ...]) -> URLSafeSerializer:
    return URLSafeSerializer(keyed_tag(app_key("carried-ballot"), *bound), salt="cps-carried-ballot-1")
