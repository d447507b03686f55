"""What a browser keeps for us a short time, in a field or a cookie: nobody else can read or alter it."""

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


def _box(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(app_key(purpose)))


def _now() -> int:
    return int(clock.now().timestamp())
