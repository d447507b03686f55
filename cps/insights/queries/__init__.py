"""Reads for figures: what is late now, what a month holds, what was published, what a morning needs."""

from cps.insights.queries.late import LateCount, late_now, suspensions
from cps.insights.queries.month import Acts, Counted, count_month, recount
from cps.insights.queries.morning import (
    MorningLine,
    backed,
    has_stopped,
    heads,
    longest_late,
    morning_counts,
    reader,
    readers,
    thanks,
)
from cps.insights.queries.published import (
    count_files,
    edition,
    editions,
    file_text,
    had_cases,
    is_published,
    key_of_last,
    last_file,
    newest_editions,
    published_files,
)
from cps.insights.queries.year import count_year, newest_year

__all__ = [
    "Acts",
    "Counted",
    "LateCount",
    "MorningLine",
    "backed",
    "count_files",
    "count_month",
    "count_year",
    "edition",
    "editions",
    "file_text",
    "had_cases",
    "has_stopped",
    "heads",
    "is_published",
    "key_of_last",
    "last_file",
    "late_now",
    "longest_late",
    "morning_counts",
    "newest_editions",
    "newest_year",
    "published_files",
    "reader",
    "readers",
    "recount",
    "suspensions",
    "thanks",
]
