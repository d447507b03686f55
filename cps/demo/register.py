"""The register of the demo city: who its residents are to the city, by numbers that nobody else has."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert

from cps.core.db import db
from cps.residents import queries
from cps.residents.models import RegisterEntry
from cps.residents.rules import normal_number

YOUNGEST, OLDEST = timedelta(days=365 * 19), timedelta(days=365 * 88)

TO_TRY: Final = date(1990, 5, 17)
"""The birth date of those who have not shown yet that they live here, for whoever tries the counter."""


def number_of(resident: int) -> str:
    """Return the number in the register of the n-th resident."""
    return f"AU-{resident:07d}"


def tag_of(resident: int, key: bytes) -> str:
    """Return the tag of the n-th resident."""
    return queries.tag_of(normal_number(number_of(resident)), key)


def enter(
    numbers: Sequence[int],
    wards: Sequence[int],
    *,
    unverified: frozenset[int],
    seed: int,
    at: datetime,
    key: bytes,
) -> None:
    """Enter residents with the wards they live in; all of them are grown up."""
    rows: list[dict[str, Any]] = [
        {
            "tag": tag_of(number, key),
            "ward_id": ward_id,
            "born_on": TO_TRY if number in unverified else _born_on(number, seed, at),
            "letter_tries": 0,
            "imported_at": at,
        }
        for number, ward_id in zip(numbers, wards, strict=True)
    ]
    db.session.execute(insert(RegisterEntry), rows)


def _born_on(number: int, seed: int, at: datetime) -> date:
    rng = random.Random(f"born {seed} {number}")  # noqa: S311 - invented people
    return (at - YOUNGEST - (OLDEST - YOUNGEST) * rng.random()).date()
