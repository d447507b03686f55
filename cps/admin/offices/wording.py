"""What was changed of departments, in words."""

from typing import Any

from cps.admin import history
from cps.core.i18n import lazy_gettext as _l

LABELS: dict[str, Any] = {
    "name": _l("Name"),
    "about": _l("What it does"),
    "email": _l("E-mail address"),
    "phone": _l("Phone"),
    "is_active": _l("In use"),
    "is_triage": _l("Sorts new cases"),
    "successor_id": _l("Taken over by"),
    "account_id": _l("Works there"),
    "ord": _l("Place in the order"),
    "base_url": _l("Address of its other system"),
    "jurisdiction": _l("Jurisdiction"),
    "key": _l("Key"),
}
ACTS = {
    **history.ACTS,
    "add-staff": _l("Somebody came"),
    "remove-staff": _l("Somebody left"),
    "close-department": _l("Closed"),
    "reopen-department": _l("Opened again"),
    "connect-system": _l("Connected to another system"),
    "change-system": _l("Other system changed"),
    "look-at-system": _l("Other system asked for its services"),
    "turn-on-system": _l("Cases are sent to the other system"),
    "turn-off-system": _l("Nothing is sent to the other system any more"),
}
