"""What the worker does for accounts."""

from datetime import datetime

from cps.accounts import services
from cps.core import upkeep


@upkeep.each_hour
def forget_expired(at: datetime) -> None:
    """Forget sessions and codes that have ended."""
    services.forget_expired(at)
