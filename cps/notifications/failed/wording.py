"""How staff read what a message that did not arrive was about."""

from typing import Any

from cps.core.email import readable_email
from cps.core.i18n import lazy_gettext as _l
from cps.core.phone import hidden_phone, is_phone

KINDS: dict[str, Any] = {
    "code": _l("One-time code"),
    "filed": _l("The city has your report"),
    "event": _l("News of a case"),
    "notice-known": _l("We know"),
    "notice-update": _l("News of a notice"),
    "notice-over": _l("A notice is over"),
    "alert": _l("Alert"),
    "digest": _l("Daily digest"),
    "morning": _l("Morning report"),
    "partner": _l("Case for a partner"),
}
"""By how dedupe keys begin."""


def kind_of(about: str) -> str:
    """Return what a message with this dedupe key was about."""
    return str(KINDS.get(about.split(":")[0], _l("Letter")))


def hidden_address(address: str) -> str:
    """Return an address so that its owner is recognised by who knows it already, and by nobody else."""
    if is_phone(address):
        return hidden_phone(address)
    local, _at, domain = readable_email(address).rpartition("@")
    return f"{local[:1]}•••@{domain}"


def reason_of(why: str, address: str) -> str:
    """Return what the server said, without the address in it."""
    return why.replace(address, hidden_address(address)) if address else why
