"""By what senders and messages are known without their names: keyed tags. And the seal on secrets of ways."""

from cps.core import sealed as sealed_box
from cps.core.keys import app_key, keyed_tag

KNOWN_BY_LENGTH = 40
WAY_IN = "way-in"


def sender_tag(address: str) -> str:
    """Return the tag of whoever sends from an address or a number."""
    return keyed_tag(app_key("incoming-sender"), address)


def external_tag(external_id: str) -> str:
    """Return the tag of a message by what its gateway calls it."""
    return keyed_tag(app_key("incoming-message"), external_id)


def known_by(address: str) -> str:
    """Return by what staff tell one sender from another: the end of a number, the beginning of an address."""
    local, at, domain = address.partition("@")
    shown = f"{local[:2]}…@{domain}" if at else f"•••• {address[-4:]}"
    return shown[:KNOWN_BY_LENGTH]


def sealed(secret: str) -> str:
    """Return a secret as it is kept."""
    return sealed_box.keep(WAY_IN, secret)


def unsealed(text: str) -> str:
    """Return a sealed secret; "" for none, and where the city's keys are other ones."""
    return sealed_box.kept(WAY_IN, text)
