"""The places that residents named: how one near by is called, where one of a name is."""

import math
from statistics import median

from sqlalchemy import select

from cps.cases.models import Case
from cps.cases.queries.map_cells import ON_MAP, within
from cps.cases.queries.matching import matches
from cps.cases.rules import CaseKind
from cps.cases.rules.boxes import Box
from cps.core import search
from cps.core.db import db

NEAR_DEGREES = 0.001
"""About 110 m from south to north."""

LOOKED_AT = 200
"""So many of the newest complaints are asked where a place is."""


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


def place_called(words: str) -> tuple[float, float] | None:
    """Return latitude and longitude of an address or landmark, as residents know it; None for an unknown one.

    It is the middle of the newest public complaints whose place is called by all these words: half of them
    lie north of it and half east, so that one pin far away does not move it.
    """
    tokens = search.query_tokens(words)
    found = (
        select(Case.lat, Case.lon, Case.address)
        .where(*ON_MAP, Case.kind == CaseKind.COMPLAINT, Case.address != "", matches(tokens))
        .order_by(Case.id.desc())
        .limit(LOOKED_AT)
    )
    named = [row for row in db.session.execute(found) if search.holds(row.address, tokens)]
    if not named:
        return None
    return median(row.lat for row in named), median(row.lon for row in named)
