"""Where a position is, and importing wards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cps.core import audit, changes
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.wards import fitting, geometry, queries
from cps.wards.geometry import PlaceKind
from cps.wards.models import Ward
from cps.wards.outlines import read_area
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


def refuse_other_level(specs: Sequence[WardSpec]) -> None:
    """Raise RuleViolation where these wards lie inside wards of the city, or those inside these.

    A city has wards of one level: in a district and its neighbourhood at once nobody would know whose it is.
    """
    new = {spec.code: read_area(spec.geometry) for spec in specs if spec.geometry}
    codes = {spec.code for spec in specs}
    old = {code: area for code, area in queries.areas().outlines.items() if code not in codes}
    pairs = fitting.nested(new, old) or [(one, other) for other, one in fitting.nested(old, new)]
    if pairs:
        code, other = pairs[0]
        raise RuleViolation(
            _("“%(code)s” of the file covers ground of “%(other)s”, which the city has already. Wards are of"
              " one level: with --replace, those that the file has not go out of use.",
              code=code, other=other)
        )  # fmt: skip


def retire_others(specs: Sequence[WardSpec], *, by: int | None, at: datetime) -> list[str]:
    """Take the wards out of use that are not among these; returns their codes. Their cases keep them."""
    codes = {spec.code for spec in specs}
    gone = [ward for ward in queries.wards() if ward.code not in codes]
    for ward in gone:
        ward.is_active = False
    db.session.flush()
    retired = [ward.code for ward in gone]
    if retired:
        audit.record("retire-wards", about=("city", 1), by=by, at=at, changes={"is_active": [retired, None]})
    return retired


def _values(spec: WardSpec) -> dict[str, Any]:
    values: dict[str, Any] = {"name": spec.name, "is_active": spec.is_active}
    if spec.geometry is not None:
        values["geometry"] = spec.geometry
    if spec.population is not None:
        values["population"] = spec.population
    return values
