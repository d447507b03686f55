"""What lies with others or in the database: nobody else can read or alter it.

A browser keeps something for us a short time, in a field or a cookie; files wait in the store to be read. The
database keeps secrets by which we sign or file elsewhere: their key stands in no database and outlives
another CPS_SECRET_KEY.
"""

import base64
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from cps.core import clock
from cps.core.keys import app_identity_key, app_key, derived


def write(purpose: str, content: Any) -> str:
    """Return content that JSON has, encrypted under the running application's key for this purpose."""
    return _box(purpose).encrypt_at_time(json.dumps(content).encode(), _now()).decode()


def read(purpose: str, text: str, *, seconds: int) -> Any:
    """Return what was written for this purpose within the last seconds; None for anything else."""
    try:
        return json.loads(_box(purpose).decrypt_at_time(text, seconds, _now()))
    except (InvalidToken, ValueError):
        return None


def write_bytes(purpose: str, content: bytes) -> bytes:
    """Return bytes encrypted under the running application's key for this purpose."""
    return _box(purpose).encrypt_at_time(content, _now())


def read_bytes(purpose: str, sealed: bytes) -> bytes | None:
    """Return what was written for this purpose, however long ago; None for anything else."""
    try:
        return _box(purpose).decrypt(sealed)
    except InvalidToken:
        return None


def keep(purpose: str, secret: str) -> str:
    """Return a secret as the database keeps it."""
    return _lasting(purpose).encrypt(secret.encode()).decode()


def kept(purpose: str, text: str) -> str:
    """Return a secret that the database keeps; "" for none, and where the city's keys are other ones."""
    try:
        return _lasting(purpose).decrypt(text).decode() if text else ""
    except InvalidToken:
        return ""


def _lasting(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived(app_identity_key().hex(), purpose)))


def _box(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(app_key(purpose)))


def _now() -> int:
    return int(clock.now().timestamp())
