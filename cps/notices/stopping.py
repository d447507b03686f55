"""The address under which somebody stops hearing of a notice, without signing in."""

import hmac

from cps.core.keys import app_key, keyed_tag

TAG_LENGTH = 40


def stop_path(notice_id: int, account_id: int) -> str:
    """Return the path that ends one account's following of one notice."""
    return f"/notices/{notice_id}/stop/{_token(notice_id, account_id)}"


def account_of_token(notice_id: int, token: str) -> int | None:
    """Return the account for which a token was made here; None for any other text."""
    try:
        account_id = int(token.partition("-")[0], 16)
    except ValueError:
        return None
    return account_id if hmac.compare_digest(_token(notice_id, account_id).encode(), token.encode()) else None


def _token(notice_id: int, account_id: int) -> str:
    tag = keyed_tag(app_key("notice-stop"), str(notice_id), str(account_id))
    return f"{account_id:x}-{tag[:TAG_LENGTH]}"
