"""How large a demo city is wanted, and how much of it stands already."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.models import City

SETTING = "demo"
DOMAIN = "demo.test"
PASSWORD = "try-the-demo-city"  # noqa: S105 - printed for everybody who tries the demo city

FEWEST_RESIDENTS = 50
"""The demo accounts of residents."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to load; the written complaints come first and always, made ones fill up to `cases`."""

    cases: int = 1_000
    residents: int = 150
    photos: int = 200
    seed: int = 1


@dataclass(frozen=True, slots=True)
class State:
    """A demo city that stands: its plan, when its making began, and how many made cases it has by now."""

    plan: Plan
    began: datetime
    made: int

    def as_setting(self) -> dict[str, Any]:
        """Return what the city's row keeps of it."""
        return {"plan": asdict(self.plan), "began": self.began.isoformat(), "made": self.made}


def read_state() -> State | None:
    """Return the state of the demo city, or None without a city; raises RuleViolation in a real one."""
    city = db.session.get(City, 1)
    if city is None:
        return None
    kept = city.settings.get(SETTING)
    if kept is None:
        raise RuleViolation(
            _("This installation has a city of its own. The demo city needs an empty database.")
        )
    return State(Plan(**kept["plan"]), datetime.fromisoformat(kept["began"]), kept["made"])


def write_state(state: State) -> None:
    """Keep the state in the running transaction."""
    city = db.session.get_one(City, 1)
    city.settings = {**city.settings, SETTING: state.as_setting()}
    db.session.flush()
