"""The address under which somebody stops the letters of an alert, or of all of theirs, without signing in."""

from dataclasses import dataclass

from cps.core.signed_numbers import read_signed, signed

PURPOSE = "alert-stop"


@dataclass(frozen=True, slots=True)
class Stop:
    """What a letter offers to stop: one alert of an account, or all of them."""

    account_id: int
    alert_id: int | None = None


def stop_path(stop: Stop) -> str:
    """Return the path that stops it."""
    return f"/alerts/stop/{signed(PURPOSE, stop.account_id, stop.alert_id or 0)}"


def read_token(token: str) -> Stop | None:
    """Return what a token made here stops; None for any other text."""
    numbers = read_signed(PURPOSE, token, 2)
    return Stop(numbers[0], numbers[1] or None) if numbers else None
