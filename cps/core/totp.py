"""Codes of an app that change every 30 seconds: TOTP of RFC 6238 with HMAC-SHA-1 and six digits.

Decision 15 says why this is no library.
"""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

DIGITS = 6
SECONDS = 30
DRIFT = 1
"""So many steps a phone's clock may be early or late."""

SECRET_BYTES = 20


def new_secret() -> str:
    """Return a random secret of 160 bits in base 32, as apps take it (RFC 4226, section 4)."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_at(at: datetime) -> int:
    """Return the number of the step that a moment lies in, counted from the epoch."""
    return int(at.timestamp()) // SECONDS


def code_of(secret: str, step: int, *, digits: int = DIGITS) -> str:
    """Return the code of one step (RFC 4226, section 5.3)."""
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}d}"


def step_of(secret: str, code: str, *, at: datetime, after: int = -1) -> int | None:
    """Return the step whose code this is, of those around a moment; None for a wrong or spent code.

    Steps up to `after` are spent.
    """
    now = step_at(at)
    around = [
        step
        for step in range(now - DRIFT, now + DRIFT + 1)
        if step > after and hmac.compare_digest(code_of(secret, step).encode(), code.encode())
    ]
    return max(around, default=None)


def app_address(secret: str, *, account: str, issuer: str) -> str:
    """Return the `otpauth:` address that an app reads from a square code; a colon would end the issuer."""
    issuer = issuer.replace(":", " ")
    label = quote(f"{issuer}:{account}", safe="@")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"
