"""Records written as CSV and as GeoJSON, piece by piece."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cps.core.text import harmless_cell
from cps.opendata.rows import Cell, Record

BOM = "\ufeff"
"""By it spreadsheets see that the file is UTF-8."""


def csv_lines(
    columns: tuple[str, ...], batches: Iterable[Iterable[Record]], *, next_page: str | None
) -> Iterator[str]:
    """Yield a table with a head line as RFC 4180 has it; no cell is taken for a formula.

    Where the list goes on, the last line has nothing but the address of the rest, in the column `page`.
    """
    yield BOM + _line(columns)
    for batch in batches:
        yield "".join(_line([record[name] for name in columns]) for record in batch)
    if next_page is not None:
        yield _line([next_page if name == "page" else "" for name in columns])


def _line(cells: Iterable[Cell]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(
        ["" if cell is None else harmless_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    )
    return written.getvalue()


def features(
    batches: Iterable[Iterable[Record]], *, next_page: str | None, links: Mapping[str, str]
) -> Iterator[str]:
    """Yield a FeatureCollection (RFC 7946); records without a position have no geometry.

    Where the list goes on, `links` has the address of the rest.
    """
    yield '{"type": "FeatureCollection", "features": [\n'
    separator = ""
    for batch in batches:
        for record in batch:
            yield separator + json.dumps(_feature(record), ensure_ascii=False)
            separator = ",\n"
    rest = [{"rel": "next", "href": next_page}] if next_page is not None else []
    named = [{"rel": rel, "href": href} for rel, href in links.items()]
    yield f'\n], "links": {json.dumps([*named, *rest])}}}\n'


def _feature(record: Record) -> dict[str, Any]:
    properties = {name: value for name, value in record.items() if name not in {"lat", "lon"}}
    lat, lon = record["lat"], record["lon"]
    point = None if lat is None or lon is None else {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": point, "properties": properties}
