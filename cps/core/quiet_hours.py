"""When messages leave that can wait: not in the city's quiet hours, and gathered once a day."""

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cps.core.city import CityFacts

SETTING = "message-hours"
"""Under this name the settings of the city keep what administrators chose."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """Whole hours of the city's day, 0 to 23: quiet from one until another, and when the digest leaves.

    The same hour twice means that no hours are quiet.
    """

    quiet_from: int = 21
    quiet_until: int = 8
    digest_at: int = 8

    def is_quiet(self, hour: int) -> bool:
        """Whether an hour of the day is quiet."""
        begins, ends = self.quiet_from, self.quiet_until
        return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends

    @property
    def as_setting(self) -> dict[str, Any]:
        """The hours as the city's row keeps them."""
        return asdict(self)


def hours_of(city: CityFacts) -> Hours:
    """Return the hours that a city chose, else 21 to 8 and the digest at 8."""
    return Hours(**city.settings.get(SETTING, {}))


def after_quiet(at: datetime, hours: Hours, zone: ZoneInfo) -> datetime:
    """Return the moment itself, in quiet hours the end of them."""
    local = at.astimezone(zone)
    return _next(local, hours.quiet_until) if hours.is_quiet(local.hour) else at


def next_digest(at: datetime, hours: Hours, zone: ZoneInfo) -> datetime:
    """Return when the next digest leaves: today or tomorrow, always after the moment."""
    return _next(at.astimezone(zone), hours.digest_at)


def _next(local: datetime, hour: int) -> datetime:
    zone, day = local.tzinfo, local.date()
    today = datetime.combine(day, time(hour), zone)
    return today if today > local else datetime.combine(day + DAY, time(hour), zone)
