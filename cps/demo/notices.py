"""Two notices of the demo city: one that runs, with cases under it, and one that is over."""

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import true, update

from cps.cases import queries as cases
from cps.cases import services
from cps.core.db import db
from cps.core.models import Job
from cps.demo.world import World
from cps.notices import queries
from cps.notices import services as notices
from cps.notices.rules import NoticeSpec

FILE: Final = Path(__file__).parent / "content" / "notices.json"


def make(world: World) -> None:
    """Make the notices through the program's own services, each at its time."""
    for row in json.loads(FILE.read_text(encoding="utf-8")):
        _make(row, world)
    db.session.execute(update(Job).where(Job.run_at < world.now).values(run_at=world.now))


def _evening(world: World, days: int) -> datetime:
    """Return six in the evening so many days from now."""
    day = world.now.astimezone(world.zone).date() + timedelta(days=days)
    return datetime.combine(day, time(18), world.zone)


def _make(row: dict[str, Any], world: World) -> None:
    began = world.now - timedelta(hours=row["began_hours_ago"])
    department, category = world.departments[row["department"]], world.categories.get(row["category"])
    by = world.staff.acts_for(row["department"], is_integrity=False)
    spec = NoticeSpec(
        title=row["title"],
        text=row["text"],
        say=row["say"],
        starts_at=began,
        ends_at=_evening(world, row["ends_in_days"]),
        ward_codes=tuple(row["wards"]),
        category_id=category.id if category else None,
        department_id=department.id,
    )
    notice = notices.make(spec, by=by, at=began)
    known = queries.known(notice)
    if known.ends_at > world.now:
        fitting = [cases.lock_case(one.reference) for one in cases.offered(known, true())]
        services.hang(fitting, notice, by=by, at=world.now)
    for said in row["updates"]:
        at = began + timedelta(hours=said["hours_later"])
        notices.add_update(notice, said["text"], by=by, at=at)
