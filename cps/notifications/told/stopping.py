"""The address under which somebody stops their daily digest, without signing in."""

from cps.core.signed_numbers import read_signed, signed

PURPOSE, TAG_LENGTH = "digest-stop", 16
"""64 bits: the address stands in text messages too, where every sign is paid for."""


def stop_path(account_id: int) -> str:
    """Return the path that stops the digest of an account."""
    return f"/notifications/digest/{signed(PURPOSE, account_id, length=TAG_LENGTH)}"


def read_token(token: str) -> int | None:
    """Return the account of a token made here; None for any other text."""
    numbers = read_signed(PURPOSE, token, 1, length=TAG_LENGTH)
    return numbers[0] if numbers else None
