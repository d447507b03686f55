"""By what senders and messages are known without their names: keyed tags. And the seal on secrets of ways."""

import base64

from cryptography.fernet import Fernet, InvalidToken

from cps.core.keys import app_identity_key, app_key, derived, keyed_tag

KNOWN_BY_LENGTH = 40


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
    return _box().encrypt(secret.encode()).decode()


def unsealed(text: str) -> str:
    """Return a sealed secret; "" for none, and where the city's keys are other ones."""
    try:
        return _box().decrypt(text).decode() if text else ""
    except InvalidToken:
        return ""


def _box() -> Fernet:
    """Return the seal; its key is not in the database and outlives another CPS_SECRET_KEY."""
    return Fernet(base64.urlsafe_b64encode(derived(app_identity_key().hex(), "way-in")))
