"""What pages say of staff and their access."""

from typing import Any

from cps.accounts.rules import AccountState, Role
from cps.admin.people.rules import Fault
from cps.core.i18n import lazy_gettext as _l

FAULTS = {
    Fault.NO_ROLE: _l("Choose at least one role."),
    Fault.NO_DEPARTMENT: _l(
        "Officers, supervisors and call agents work in a department. Choose at least one."
    ),
    Fault.OWN_ADMINISTRATION: _l(
        "You cannot take away your own administrator’s role. Ask another administrator."
    ),
    Fault.OWN_INTEGRITY: _l("Another administrator must let you read complaints about staff."),
}

DUTIES = {
    Role.AGENT: _l("Answers calls, and files for callers."),
    Role.OFFICER: _l("Works the cases of their departments."),
    Role.SUPERVISOR: _l("Sees what is late, hands out work, decides on more time."),
    Role.MODERATOR: _l("Hides what must not be public."),
    Role.INTEGRITY_OFFICER: _l("Reads complaints about staff and corruption. Nobody else does."),
    Role.ADMINISTRATOR: _l("Sets everything on these pages, and makes accounts."),
}
"""What each role of staff is for."""

STATES = {
    AccountState.ACTIVE: _l("Can sign in"),
    AccountState.BLOCKED: _l("Blocked"),
    AccountState.DELETED: _l("Deleted"),
}

ACTS = {
    "create-account": _l("Made"),
    "accept-invitation": _l("Invitation accepted"),
    "grant-role": _l("Role given"),
    "revoke-role": _l("Role taken away"),
    "join-department": _l("Works in a department"),
    "leave-department": _l("Left a department"),
    "give-back-cases": _l("Open cases given back"),
    "block-account": _l("Blocked"),
    "unblock-account": _l("Can sign in again"),
    "sign-out-account": _l("Signed out everywhere"),
    "turn-on-two-step": _l("Second step turned on"),
    "turn-off-two-step": _l("Second step turned off"),
    "reset-two-step": _l("Second step turned off by the city"),
    "add-email": _l("E-mail address added"),
    "join-accounts": _l("Another account joined"),
    "delete-account": _l("Deleted"),
}
"""What audit rows of accounts are called."""

LABELS: dict[str, Any] = {
    "role": _l("Role"),
    "department": _l("Department"),
    "given_back": _l("Cases given back"),
}
