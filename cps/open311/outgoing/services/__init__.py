"""Writes on other systems and on what goes there. Services flush and never commit."""

from cps.open311.outgoing.services.connecting import (
    KEY,
    ask_anew,
    change,
    connect,
    failed,
    heard,
    mark_not_looked,
    mark_services,
    set_routes,
    turn,
)
from cps.open311.outgoing.services.sending import (
    end,
    go_on,
    leave,
    mark_looked,
    mark_number,
    mark_sent,
    put_in_line,
    put_off,
    send_back,
    try_again,
)

__all__ = [
    "KEY",
    "ask_anew",
    "change",
    "connect",
    "end",
    "failed",
    "go_on",
    "heard",
    "leave",
    "mark_looked",
    "mark_not_looked",
    "mark_number",
    "mark_sent",
    "mark_services",
    "put_in_line",
    "put_off",
    "send_back",
    "set_routes",
    "try_again",
    "turn",
]
