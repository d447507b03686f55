"""A table of an earlier system for the import: as many rows as asked for, always the same ones."""

import csv
import json
import random
from datetime import datetime, timedelta
from pathlib import Path

BEGAN = datetime(2019, 1, 1, 7)  # noqa: DTZ001 - local time, as such tables have it
KINDS = 80
WARDS = 40
STREETS = ("Mill Lane", "Harbour Street", "Church Road", "Station Square", "Orchard Way", "River Bank")
SAID = (
    "There is a deep hole in front of the bakery and two people fell here this week.",
    "The lamp at the corner has been dark since Monday, the whole row is out.",
    "Bags and an old sofa were left beside the bins, and nobody came on collection day.",
    "Water comes out of the pavement and runs down to the school.",
)
ANSWERS = ("We repaired it today.", "Collected this morning.", "We looked and found nothing.", "Passed on.")
HEAD = (
    *("id", "opened", "target", "closed", "reason", "title", "words", "type", "unit", "street", "ward"),
    *("lat", "lon", "via"),
)
MAPPING = {
    "source": "old-desk",
    "dates": ["%Y-%m-%d %H:%M:%S"],
    "ambiguous": "earlier",
    "visibility": "public",
    "bounds": [129.0, 35.0, 131.0, 37.0],
    "columns": {
        "external_id": "id", "received_at": "opened", "due_at": "target", "closed_at": "closed",
        "answer": "reason", "title": "title", "body": "words", "category": "type", "department": "unit",
        "address": "street", "ward": "ward", "lat": "lat", "lon": "lon", "channel": "via",
    },
    "unknown": {"department": "create", "category": "create", "ward": "create"},
    "values": {"channel": {"Call": "phone", "App": "web", "Staff": "import"}},
}  # fmt: skip


def write(folder: Path, number: int) -> tuple[Path, Path]:
    """Write a table of so many rows and its mapping; returns both."""
    table, mapping = folder / "cases.csv", folder / "mapping.json"
    mapping.write_text(json.dumps(MAPPING))
    rng = random.Random(1)
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows(_row(place, rng) for place in range(number))
    return table, mapping


def _row(place: int, rng: random.Random) -> list[str]:
    opened = BEGAN + timedelta(minutes=place * 31 % (6 * 365 * 1440))
    closed = opened + timedelta(hours=rng.randrange(1, 300)) if rng.random() < 0.95 else None
    kind = rng.randrange(KINDS)
    return [
        str(101_000_000_000 + place),
        str(opened),
        str(opened + timedelta(days=5)),
        str(closed) if closed else "",
        rng.choice(ANSWERS) if closed else "",
        f"Kind of trouble {kind}",
        f"{rng.choice(SAID)} {rng.choice(SAID)}",
        f"Kind of trouble {kind}",
        f"Office {kind % 8}",
        f"{rng.randrange(1, 400)} {rng.choice(STREETS)}",
        f"Ward {rng.randrange(WARDS)}",
        f"{36 + rng.random():.5f}",
        f"{129.5 + rng.random():.5f}",
        rng.choice(("Call", "App", "Staff")),
    ]
