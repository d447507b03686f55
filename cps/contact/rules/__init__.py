"""The rules of the contact centre; no Flask, no database."""

from cps.contact.rules.kinds import (
    AGENT_CHANNELS,
    AT_ONCE,
    CallBackState,
    CallBackTurn,
    Ending,
    Fact,
    WarningStep,
)

__all__ = [
    "AGENT_CHANNELS",
    "AT_ONCE",
    "CallBackState",
    "CallBackTurn",
    "Ending",
    "Fact",
    "WarningStep",
]
