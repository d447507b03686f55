"""Alerts of some demo residents, and the news of yesterday that their first digest tells."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import update

from cps.accounts import queries as accounts
from cps.alerts import services
from cps.alerts.rules import NewsKind, Rhythm, Wish, rounded
from cps.alerts.wording import WHAT
from cps.core.db import db
from cps.core.models import Job
from cps.demo import queries
from cps.demo.world import World
from cps.wards import queries as wards
from cps.wards.geometry import inner_point

FILE: Final = Path(__file__).parent / "content" / "alerts.json"
HEARD_OF: Final = timedelta(days=6)
"""So old may be what a first digest tells; a young city has not enough news of one day."""


def make(world: World) -> None:
    """Begin the alerts, and write down what they heard by yesterday: the worker sends it when it begins."""
    yesterday = world.now - timedelta(days=1)
    for row in json.loads(FILE.read_text(encoding="utf-8")):
        _begin(row, world)
    for kind, about_id in _news(world):
        services.match({"what": kind, "about_id": about_id, "after": [0, 0]}, at=yesterday)
    db.session.execute(update(Job).where(Job.run_at < world.now).values(run_at=world.now))


def _begin(row: dict[str, Any], world: World) -> None:
    account = accounts.lock_account(world.residents[row["resident"] - 1].id)
    alert, _is_new = services.begin(_wish(row, world), by=account, at=world.now - HEARD_OF)
    if row.get("paused"):
        services.pause(alert, at=world.now - HEARD_OF)


def _wish(row: dict[str, Any], world: World) -> Wish:
    category = world.categories.get(row.get("category", ""))
    told: dict[str, Any] = {name: name in row["what"] for name in WHAT}
    ward = row.get("around") or row.get("ward")
    wish = Wish(
        ward_id=world.ward_ids[ward] if ward else None,
        category_id=category.id if category else None,
        rhythm=Rhythm(row["rhythm"]),
        **told,
    )
    if "around" not in row:
        return wish
    return replace(wish, circle=rounded(*inner_point(wards.areas().outlines[row["around"]]), row["radius_m"]))


def _news(world: World) -> list[tuple[NewsKind, int]]:
    """Return what was filed and answered lately, the oldest first."""
    since = world.now - HEARD_OF
    filed = [(NewsKind.FILED, case_id) for case_id in queries.listed_since(since)]
    return filed + [(NewsKind.ANSWERED, event_id) for event_id in queries.answers_since(since)]
