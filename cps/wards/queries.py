"""Reads of wards, and their outlines parsed once per process."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from cps.core.db import db
from cps.core.known import Known
from cps.wards.geometry import Area
from cps.wards.models import Ward
from cps.wards.outlines import read_area


@dataclass(frozen=True, slots=True)
class KnownWard:
    """What pages need of a ward, without its outline."""

    id: int
    code: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """The active wards and the outlines of those that have one, by code; `version` changes with any ward.

    `names` and `codes` are those of all wards, also of the ones that are no longer used, by id. Compared by
    identity, so that what was made of one can be kept with it.
    """

    version: str
    wards: Mapping[str, KnownWard]
    outlines: Mapping[str, Area]
    names: Mapping[int, Mapping[str, str]]
    codes: Mapping[int, str]

    @property
    def centre(self) -> tuple[float, float] | None:
        """Latitude and longitude of the middle of all outlines."""
        boxes = [area.bbox for area in self.outlines.values()]
        if not boxes:
            return None
        west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
        east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
        return (south + north) / 2, (west + east) / 2


def wards() -> list[Ward]:
    """Return the active wards in the order of their codes."""
    return list(db.session.scalars(select(Ward).where(Ward.is_active).order_by(Ward.code)))


def ward_by_code(code: str) -> Ward | None:
    """Return the ward, also when it is no longer used."""
    return db.session.scalars(select(Ward).where(Ward.code == code)).one_or_none()


def all_by_code() -> dict[str, Ward]:
    """Return every ward, used or not, by its code."""
    return {ward.code: ward for ward in db.session.scalars(select(Ward))}


def areas() -> Areas:
    """Return the active wards with their outlines, parsed when one has changed since the last call."""
    return _areas.get()


def _parse() -> Areas:
    columns = (Ward.id, Ward.code, Ward.name, Ward.is_active)
    rows = db.session.execute(select(*columns, Ward.geometry).order_by(Ward.code)).all()
    active = [row for row in rows if row.is_active]
    return Areas(
        version=_areas.mark(),
        wards={row.code: KnownWard(row.id, row.code, row.name) for row in active},
        outlines={row.code: read_area(row.geometry) for row in active if row.geometry},
        names={row.id: row.name for row in rows},
        codes={row.id: row.code for row in rows},
    )


_areas = Known(_parse, Ward)
