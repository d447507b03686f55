"""Wards changed from the pages of the administration: one by one, or many from a file that was looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cps.core import audit, changes
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.wards import looking
from cps.wards import queries as wards
from cps.wards import services as own
from cps.wards.models import Ward
from cps.wards.rules import BadFile, Wanted, WardSpec, read_geojson


@dataclass(slots=True)
class Look:
    """What a file would do, and what is odd about it; `problems` keep it from being taken."""

    specs: Sequence[WardSpec] = ()
    remarks: Sequence[str] = ()
    problems: Sequence[str] = ()
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)

    @property
    def does_something(self) -> bool:
        """Whether taking the file would change anything."""
        return bool(self.created or self.changed or self.retired)


def look(text: bytes, city: CityFacts, *, replace: bool) -> Look:
    """Check a GeoJSON text as the command does, and say what it would do; nothing is written."""
    try:
        reading = read_geojson(text, Wanted(None, {}, city.default_language, tuple(city.languages)))
        areas = looking.outlines_of(reading.wards)
        looking.refuse_swapped(areas, city.zone.key)
        if not replace:
            own.refuse_other_level(reading.wards)
    except BadFile as bad:
        return Look(problems=bad.problems)
    except RuleViolation as refused:
        return Look(problems=[refused.message])
    remarks = [*reading.remarks, *looking.remarks(reading.wards, areas, city.zone.key)]
    found, known = Look(reading.wards, remarks), wards.all_by_code()
    for spec in reading.wards:
        before = known.get(spec.code)
        differs = found.created if before is None else found.changed
        (differs if before is None or _differs(before, spec) else found.unchanged).append(spec.code)
    if replace:
        codes = {spec.code for spec in reading.wards}
        found.retired = [one.code for one in wards.wards() if one.code not in codes]
    return found


def take(text: bytes, city: CityFacts, *, replace: bool, by: int, at: datetime) -> own.Report:
    """Write what a file says; raises RuleViolation where it has a problem now."""
    found = look(text, city, replace=replace)
    if found.problems:
        raise RuleViolation(found.problems[0])
    if replace:
        own.retire_others(found.specs, by=by, at=at)
    own.refuse_other_level(found.specs)
    return own.save_wards(found.specs, by=by, at=at)


def change_ward(row: Ward, name: Mapping[str, str], people: int | None, *, by: int, at: datetime) -> bool:
    """Change the names of a ward, locked, and how many live there; False where nothing differs."""
    found = changes.apply(row, {"name": dict(name), "population": people})
    if found:
        audit.record("change-ward", about=("ward", row.code), by=by, at=at, changes=found)
        db.session.flush()
    return bool(found)


def set_in_use(row: Ward, is_active: bool, *, by: int, at: datetime) -> None:
    """Take a ward, locked, out of use or into it; its cases keep it. RuleViolation for the last one."""
    if row.is_active == is_active:
        return
    if not is_active and len(wards.wards()) == 1:
        raise RuleViolation(_("This is the last ward in use."))
    told = {"is_active": [row.is_active, is_active]}
    row.is_active = is_active
    audit.record("change-ward", about=("ward", row.code), by=by, at=at, changes=told)
    db.session.flush()


def _differs(before: Ward, spec: WardSpec) -> bool:
    people = spec.population is not None and before.population != spec.population
    outline = spec.geometry is not None and before.geometry != spec.geometry
    return people or outline or before.name != spec.name or before.is_active != spec.is_active
