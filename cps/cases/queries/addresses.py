"""The places that residents named, by where they are."""

import math

from sqlalchemy import select

from cps.cases.models import Case
from cps.cases.queries.map_cells import ON_MAP, within
from cps.cases.rules import CaseKind
from cps.cases.rules.boxes import Box
from cps.core.db import db

NEAR_DEGREES = 0.001
"""About 110 m from south to north."""


def nearest_address(lat: float, lon: float) -> str:
    """Return how residents called the nearest public complaint within some 110 m; empty without one."""
    narrower = max(0.1, math.cos(math.radians(lat)))
    wide = NEAR_DEGREES / narrower
    box = Box(lon - wide, lat - NEAR_DEGREES, lon + wide, lat + NEAR_DEGREES)
    north, east = Case.lat - lat, (Case.lon - lon) * narrower
    nearest = (
        select(Case.address)
        .where(*ON_MAP, *within(box), Case.kind == CaseKind.COMPLAINT, Case.address != "")
        .order_by(north * north + east * east, Case.id)
        .limit(1)
    )
    return db.session.scalar(nearest) or ""
