"""The rules of the contact centre; no Flask, no database."""

from cps.contact.rules.abuse import LIMITED_FOR, WARNED_FOR, Step, may_limit, standing
from cps.contact.rules.asked import Asked, AskedKind, read_asked
from cps.contact.rules.call import Call
from cps.contact.rules.kinds import (
    AGENT_CHANNELS,
    AT_ONCE,
    CallBackState,
    CallBackTurn,
    Ending,
    Fact,
    WarningStep,
)
from cps.contact.rules.names import beginning_of_name, terms_of_name
from cps.contact.rules.proofs import ENOUGH, READABLE_FOR, Known, matching
from cps.contact.rules.registering import CONSENT, PAPERS, Newcomer, Paper
from cps.contact.rules.spoken import in_groups
from cps.contact.rules.times import MOST_ATTEMPTS, NEXT_TRY, OLDEST, next_try, too_early, too_old

__all__ = [
    "AGENT_CHANNELS",
    "AT_ONCE",
    "CONSENT",
    "ENOUGH",
    "LIMITED_FOR",
    "MOST_ATTEMPTS",
    "NEXT_TRY",
    "OLDEST",
    "PAPERS",
    "READABLE_FOR",
    "WARNED_FOR",
    "Asked",
    "AskedKind",
    "Call",
    "CallBackState",
    "CallBackTurn",
    "Ending",
    "Fact",
    "Known",
    "Newcomer",
    "Paper",
    "Step",
    "WarningStep",
    "beginning_of_name",
    "in_groups",
    "matching",
    "may_limit",
    "next_try",
    "read_asked",
    "standing",
    "terms_of_name",
    "too_early",
    "too_old",
]
