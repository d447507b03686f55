"""The words of the filters and orders of the desk."""

from collections.abc import Mapping
from typing import Any

from cps.cases.rules import CaseKind
from cps.core.i18n import lazy_gettext as _l
from cps.triage.wanted import Due, Sort, Who, Within

LABELS: Mapping[str, Any] = {
    "box": _l("Box"),
    "q": _l("Words"),
    "kind": _l("What it is"),
    "status": _l("State"),
    "outcome": _l("How it ended"),
    "category": _l("Category"),
    "department": _l("Department"),
    "ward": _l("Ward"),
    "area": _l("Part of the map"),
    "assignee": _l("Who has it"),
    "priority": _l("Priority"),
    "due": _l("Due"),
    "age": _l("Older than so many days"),
    "since": _l("Received from"),
    "until": _l("Received until"),
    "channel": _l("How it came"),
    "photo": _l("Photo"),
    "voice": _l("Voice note"),
    "whose": _l("Between departments"),
    "backed": _l("Backed by at least"),
    "reply": _l("Unread reply"),
    "language": _l("Language"),
    "within": _l("Closed within"),
    "sort": _l("Order"),
    "near": _l("Nearest to"),
    "lat": _l("Your position"),
}
"""What a filter is called, by its name in addresses."""

KINDS = {CaseKind.COMPLAINT: _l("Complaints"), CaseKind.PROPOSAL: _l("Proposals")}
DUES = {
    Due.LATE: _l("Late"),
    Due.TODAY: _l("Today"),
    Due.WEEK: _l("This week"),
    Due.THRICE: _l("Late, three times as long as promised"),
}
PEOPLE = {Who.ME: _l("I"), Who.NOBODY: _l("Nobody")}
WITHINS = {
    Within.WEEK: _l("Seven days"),
    Within.MONTH: _l("Thirty days"),
    Within.YEAR: _l("A year"),
    Within.EVER: _l("Any time"),
}
PHOTOS = {"yes": _l("With a photo"), "no": _l("Without a photo")}
VOICES = {"yes": _l("To be written down")}
WHOSE = {"unclear": _l("It is not clear whose this is")}
REPLIES = {"yes": _l("With an unread reply"), "no": _l("Without an unread reply")}
SORTS = {
    Sort.DUE: _l("Urgent first, then by date"),
    Sort.NEWEST: _l("Newest first"),
    Sort.OLDEST: _l("Oldest first"),
    Sort.BACKED: _l("Most backed first"),
    Sort.NEAREST: _l("Nearest first"),
    Sort.CLOSED_LAST: _l("Last closed first"),
    Sort.CLOSED_FIRST: _l("First closed first"),
}
