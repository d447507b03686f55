"""What lies with others for a short time: nobody else can read or alter it.

That is what a browser keeps for us in a field or a cookie, and files that wait in the store to be read.
"""

import base64
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from cps.core import clock
from cps.core.keys import app_key


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


def _box(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(app_key(purpose)))


def _now() -> int:
    return int(clock.now().timestamp())
