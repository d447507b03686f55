"""What pages call the roles."""

from cps.accounts.rules import Role
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
