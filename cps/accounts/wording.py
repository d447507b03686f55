"""What pages call the roles, and what somebody has proven."""

from cps.accounts.rules import IdentityKind, Role
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
