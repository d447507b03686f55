"""Where a position is, and importing wards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cps.core import audit, changes
from cps.core.db import db
from cps.wards import geometry, queries
from cps.wards.geometry import PlaceKind
from cps.wards.models import Ward
from cps.wards.queries import KnownWard
from cps.wards.rules import Wanted, WardSpec, read_geojson


@dataclass(frozen=True, slots=True)
class Located:
    """Where a position is, in wards.

    `ward` is the one it is in or nearest to, `distance_m` 0 inside it, else the metres to it; `others` are
    further wards so near that a person may choose. With the kind OUTSIDE the position is not in the city.
    """

    kind: PlaceKind
    ward: KnownWard
    distance_m: float
    others: tuple[KnownWard, ...] = ()


@dataclass(slots=True)
class Report:
    """What an import did, by codes."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def locate(lat: float, lon: float) -> Located | None:
    """Return where a position is; None where no ward has an outline, so that nothing can be said."""
    known = queries.areas()
    if not known.outlines:
        return None
    place = geometry.locate(known.outlines, lat, lon)
    return Located(
        place.kind,
        known.wards[str(place.code)],
        place.distance_m,
        tuple(known.wards[code] for code in place.others),
    )


def import_wards(text: str | bytes, wanted: Wanted, *, by: int | None, at: datetime) -> Report:
    """Make or change the wards of a GeoJSON text; a second import of the same text changes nothing.

    Raises BadFile, and then nothing is written.
    """
    return save_wards(read_geojson(text, wanted).wards, by=by, at=at)


def save_wards(specs: Sequence[WardSpec], *, by: int | None, at: datetime) -> Report:
    """Make or change wards. A ward keeps its outline and population where the new text has none."""
    known = queries.all_by_code()
    report = Report()
    for spec in specs:
        ward = known.get(spec.code)
        if ward is None:
            db.session.add(Ward(code=spec.code, **_values(spec)))
            report.created.append(spec.code)
        elif changes.apply(ward, _values(spec)):
            report.changed.append(spec.code)
        else:
            report.unchanged.append(spec.code)
    db.session.flush()
    if report.created or report.changed:
        told = {"created": [None, report.created], "changed": [None, report.changed]}
        audit.record("import-wards", about=("city", 1), by=by, at=at, changes=told)
    return report


def _values(spec: WardSpec) -> dict[str, Any]:
    values: dict[str, Any] = {"name": spec.name, "is_active": spec.is_active}
    if spec.geometry is not None:
        values["geometry"] = spec.geometry
    if spec.population is not None:
        values["population"] = spec.population
    return values
