"""PIN and secret of a sent draft, readable with its token alone."""

import base64
import json

from cryptography.fernet import Fernet, InvalidToken

from cps.cases.models import Draft
from cps.core.keys import derived


def opened(draft: Draft, token: str) -> tuple[str, str] | None:
    """Return PIN and secret of a sent draft to whoever has its token."""
    try:
        keys = json.loads(_cipher(token).decrypt(str(draft.content.get("sealed", "")).encode()))
    except InvalidToken:
        return None
    return keys["pin"], keys["secret"]


def seal(token: str, keys: dict[str, str]) -> str:
    """Return the keys as they are kept, readable by `opened` with this token."""
    return _cipher(token).encrypt(json.dumps(keys).encode()).decode()


def _cipher(token: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived(token, "draft-keys")))
