"""What waits for others in the demo city: cases between departments, one at a partner, a question."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cps.cases import services
from cps.cases.models import Case
from cps.cases.rules import Status
from cps.cases.rules.asking import ToAsk
from cps.cases.services import Refused, silence
from cps.demo import queries
from cps.demo.world import World
from cps.partners import services as partners
from cps.partners.models import Partner
from cps.partners.rules import Facts, Share
from cps.partners.services import Errand

FILE: Final = Path(__file__).parent / "content" / "handing.json"
HOUR: Final = timedelta(hours=1)


def make(world: World) -> None:
    """Do it all through the program's own services, in the last hours."""
    told: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    by_name = {row["name"]: _partner(row, world) for row in told["partners"]}
    _send(told["sent"], by_name, world)
    waiting = told["waiting"]
    _hand_over(_case(waiting["from"], world), waiting, world, world.now - HOUR)
    _go_to_and_fro(told["unclear"], world)
    _ask(told["asked"], world)
    looked = [one.id for code, one in world.departments.items() if code != told["unseen"]]
    silence.note_look(looked, at=world.now)


def _partner(row: dict[str, str], world: World) -> Partner:
    partner = Partner()
    admin = world.staff.triage
    partners.save(partner, Facts(**row, is_active=True), by=admin.id, at=world.now - 24 * HOUR)
    return partner


def _send(row: dict[str, str], by_name: dict[str, Partner], world: World) -> None:
    case = _case(row["from"], world)
    errand = Errand(row["errand"], frozenset({Share.TEXTS}), row["message"], "en")
    by = world.staff.acts_for(row["from"], is_integrity=False)
    partners.send(case, by_name[row["partner"]], errand, by=by, at=world.now - 2 * HOUR)


def _ask(row: dict[str, Any], world: World) -> None:
    """Let an officer ask a resident something with answers to tap; it waits as long as the city chose."""
    case, by = _case(row["from"], world), world.staff.acts_for(row["from"], is_integrity=False)
    asks, at = ToAsk(tuple(row["choices"])), world.now - 3 * HOUR
    services.assign(case, by, by=by, at=at)
    services.move(
        case, Status.WAITING_RESIDENT, by=by, at=at, message=row["message"], language="en", asks=asks
    )


def _go_to_and_fro(row: dict[str, Any], world: World) -> None:
    case, at = _case(row["from"], world), world.now - 6 * HOUR
    for step in row["refusals"]:
        _hand_over(case, step, world, at)
        by = world.staff.acts_for(step["to"], is_integrity=False)
        said = Refused(step["answer"], "en", world.departments[step["names"]])
        services.refuse(case, said, by=by, at=at + HOUR)
        at += 2 * HOUR


def _hand_over(case: Case, row: dict[str, str], world: World, at: datetime) -> None:
    """Let whoever has the case hand it over; what was refused lies with triage."""
    by = world.staff.acts_for(world.department_codes[case.department_id], is_integrity=False)
    services.transfer(case, world.departments[row["to"]], by=by, at=at, reason=row["reason"], language="en")


def _case(department: str, world: World) -> Case:
    """Return a written complaint of a department that is open and in which nothing happened for a day."""
    return queries.quiet_case(world.departments[department].id, before=world.now - 24 * HOUR)
