"""What a city chose for its figures, among the settings of its row, and until when they are internal."""

from datetime import date, datetime

from cps.core.city import CityFacts

SETTING = "promises"


def internal_until(city: CityFacts, at: datetime) -> date | None:
    """Return the day on which the figures become public, while it lies ahead; None where they are public."""
    written = city.settings.get(SETTING, {}).get("internal_until")
    if not written:
        return None
    until = date.fromisoformat(written)
    return until if at.astimezone(city.zone).date() < until else None
