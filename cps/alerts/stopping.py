"""The address under which somebody stops the letters of an alert, or of all of theirs, without signing in."""

import hmac
from dataclasses import dataclass

from cps.core.keys import app_key, keyed_tag

TAG_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Stop:
    """What a letter offers to stop: one alert of an account, or all of them."""

    account_id: int
    alert_id: int | None = None


def stop_path(stop: Stop) -> str:
    """Return the path that stops it."""
    return f"/alerts/stop/{_token(stop)}"


def read_token(token: str) -> Stop | None:
    """Return what a token made here stops; None for any other text."""
    try:
        account_id, alert_id = (int(part, 16) for part in token.split("-")[:2])
    except ValueError:
        return None
    stop = Stop(account_id, alert_id or None)
    return stop if hmac.compare_digest(_token(stop).encode(), token.encode()) else None


def _token(stop: Stop) -> str:
    parts = f"{stop.account_id:x}", f"{stop.alert_id or 0:x}"
    return "-".join((*parts, keyed_tag(app_key("alert-stop"), *parts)[:TAG_LENGTH]))
