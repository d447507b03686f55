"""What came to the city in a year, by month, subject, ward and way; and the same as a table."""

import csv
import io
from collections.abc import Iterator

from flask import render_template
from flask.typing import ResponseReturnValue

from cps.core.rendering import cacheable
from cps.core.security import public
from cps.departments import queries as departments
from cps.insights import presenting_year, queries
from cps.insights.views.base import bp, file_answer
from cps.insights.year import Year
from cps.wards import queries as wards


@bp.get("/insights")
@public
def insights() -> ResponseReturnValue:
    """Show the year up to yesterday, as the worker counted it; each figure leads to its list."""
    kept = queries.newest_year()
    if (answer := cacheable(f"insights-{kept.counted_at.timestamp() if kept else ''}")) is not None:
        return answer
    year = Year.read(kept.figures) if kept else None
    return render_template("insights/year.html", kept=kept, year=year, presenting=presenting_year)


@bp.get("/insights.csv")
@public
def insights_csv() -> ResponseReturnValue:
    """Serve the same figures as a table for spreadsheets; only its head line while nothing is counted."""
    kept = queries.newest_year()
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(("since", "until", "figure", "of", "number"))
    if kept is not None:
        year = Year.read(kept.figures)
        writer.writerows((year.since, year.until, *line) for line in _lines(year))
    return file_answer(f"\ufeff{table.getvalue()}".encode(), "text/csv", "insights.csv")


def _lines(year: Year) -> Iterator[tuple[str, str, int]]:
    for one in year.months:
        yield "complaints-in-month", str(one.month), one.complaints
        yield "answered-in-month", str(one.month), one.answered
        yield "proposals-in-month", str(one.month), one.proposals
    categories, codes = departments.catalogue().categories, wards.areas().codes
    for category, number in year.categories.items():
        yield "complaints-of-category", categories[category].code if category in categories else "", number
    for ward, number in year.wards.items():
        yield "complaints-of-ward", codes.get(ward, "") if ward is not None else "", number
    for channel, number in year.channels.items():
        yield "complaints-by-channel", channel.value, number
