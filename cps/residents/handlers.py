"""What the worker does for the register."""

from datetime import datetime

from cps.core import upkeep
from cps.residents import services


@upkeep.each_hour
def forget_expired(at: datetime) -> None:
    """Forget the counter codes that have ended."""
    services.forget_expired(at)
