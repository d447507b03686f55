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
}
ACTS = {
    **history.ACTS,
    "add-staff": _l("Somebody came"),
    "remove-staff": _l("Somebody left"),
    "close-department": _l("Closed"),
    "reopen-department": _l("Opened again"),
}
