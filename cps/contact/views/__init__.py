"""Pages of the contact centre: searching, callers, filing, call backs, figures."""

from cps.contact.views import (
    about_staff,
    abuse,
    call_backs,
    cases,
    codes,
    desk,
    ending,
    figures,
    filing,
    proposing,
    registering,
)
from cps.contact.views.base import bp

BLUEPRINTS = (bp,)

__all__ = [
    "about_staff",
    "abuse",
    "call_backs",
    "cases",
    "codes",
    "desk",
    "ending",
    "figures",
    "filing",
    "proposing",
    "registering",
]
