"""Every write on who works for the city. Services flush; the caller opens the transaction."""

from cps.admin.people.services.access import (
    access_of,
    block,
    change_access,
    check_administers,
    sign_out,
    unblock,
)
from cps.admin.people.services.inviting import (
    NewInvitation,
    accept,
    forget_expired,
    invite,
    open_invitation,
    send_again,
    withdraw,
)
from cps.admin.people.services.looking import look_up

__all__ = [
    "NewInvitation",
    "accept",
    "access_of",
    "block",
    "change_access",
    "check_administers",
    "forget_expired",
    "invite",
    "look_up",
    "open_invitation",
    "send_again",
    "sign_out",
    "unblock",
    "withdraw",
]
