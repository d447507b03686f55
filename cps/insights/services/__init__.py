"""Every write of figures and of the morning report. Services flush and never commit."""

from cps.insights.services.counting import is_counted, keep_year
from cps.insights.services.freezing import correct, freeze, keep_internal
from cps.insights.services.mornings import (
    add_reader,
    call_for_report,
    remove_reader,
    start_reports,
    stop_reports,
)

__all__ = [
    "add_reader",
    "call_for_report",
    "correct",
    "freeze",
    "is_counted",
    "keep_internal",
    "keep_year",
    "remove_reader",
    "start_reports",
    "stop_reports",
]
