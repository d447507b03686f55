"""What pages call the roles, and what somebody has proven."""

import re

from cps.accounts.rules import CheckedHow, IdentityKind, ResetReason, Role
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l

ROLE_NAMES = {
    Role.RESIDENT: _l("Resident"),
    Role.AGENT: _l("Call agent"),
    Role.OFFICER: _l("Officer"),
    Role.SUPERVISOR: _l("Supervisor"),
    Role.MODERATOR: _l("Moderator"),
    Role.INTEGRITY_OFFICER: _l("Integrity officer"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

IDENTITY_NAMES = {
    IdentityKind.EMAIL: _l("Another e-mail address"),
    IdentityKind.PHONE: _l("Another phone number"),
    IdentityKind.REGISTER: _l("Register of residents"),
    IdentityKind.CARD: _l("Card of the city"),
    IdentityKind.IN_PERSON: _l("In person, at the counter"),
}

RESET_REASONS = {
    ResetReason.LOST: _l("Phone and codes are lost"),
    ResetReason.BROKEN: _l("The phone is broken or new, and the codes are lost"),
    ResetReason.STOLEN: _l("Phone and codes were stolen"),
}

CHECKED_HOW = {
    CheckedHow.DOCUMENT: _l("I saw their identity document"),
    CheckedHow.CALLED_BACK: _l("I called them back on a number of the city’s list"),
    CheckedHow.KNOWN: _l("I know them, and they stand before me"),
}

_VOTE = re.compile(r"/polls/[^/?#]+/vote(\?|$)")


def why_sign_in(wanted: str | None) -> str:
    """Return why one signs in, by the page of this site to which it leads."""
    if _VOTE.match(wanted or ""):
        return _(
            "Sign in to vote: every vote is to count once. Who voted and what they chose are stored apart."
        )
    return _("To report a problem or to follow one you need no account.")


def why_register(wanted: str | None) -> str:
    """Return what an account is for, by the page of this site to which making it leads."""
    if _VOTE.match(wanted or ""):
        return _(
            "An account lets you vote: every vote is to count once. Some polls also ask you to show once that"
            " you live here."
        )
    return _("All your cases in one place, and you can back what others report.")
