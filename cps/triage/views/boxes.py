"""The boxes of the desk in words: what each is called, holds, and says when it is empty."""

from typing import Any

from cps.cases.queries import Reach
from cps.core.i18n import lazy_gettext as _l
from cps.core.rendering import address
from cps.triage.rules import Box

BOXES: dict[Box, Any] = {
    Box.NEW: _l("New"),
    Box.HANDED: _l("Handed to you"),
    Box.MINE: _l("Mine"),
    Box.DEPARTMENT: _l("My department"),
    Box.TODAY: _l("Due today"),
    Box.LATE: _l("Late"),
    Box.REPLIES: _l("Reply received"),
    Box.REOPENED: _l("Reopen asked"),
    Box.CLOSED: _l("Closed"),
}
EVERYWHERE: dict[Box, Any] = {
    Box.HANDED: _l("Handed over"),
    Box.DEPARTMENT: _l("All departments"),
}
"""What boxes are called for who works the cases of all departments."""

NOWHERE: dict[Box, Any] = {Box.DEPARTMENT: _l("All open cases")}
"""What boxes are called for who works in no department: integrity officers."""

EMPTY: dict[Box, tuple[Any, Any]] = {
    Box.NEW: (_l("Nothing new"), _l("What nobody has taken yet appears here.")),
    Box.HANDED: (
        _l("Nothing was handed to you"),
        _l("What another department hands over waits here for a yes or no."),
    ),
    Box.MINE: (_l("You have no cases"), _l("What you take appears here until it is closed.")),
    Box.DEPARTMENT: (_l("No open cases"), _l("Every open case of your department appears here.")),
    Box.TODAY: (_l("Nothing is due today"), _l("What was promised by tonight appears here.")),
    Box.LATE: (_l("Nothing is late"), _l("Cases past their date appear here.")),
    Box.REPLIES: (_l("No replies"), _l("When a reporter answers you, the case appears here.")),
    Box.REOPENED: (_l("Nobody asked"), _l("When a reporter says “it is not fixed”, the case appears here.")),
    Box.CLOSED: (_l("Nothing closed"), _l("What is closed appears here for a year, and longer if you ask.")),
}


def box_name(box: Box, reach: Reach) -> Any:
    """Return what a box is called for somebody of this reach."""
    if reach.everywhere and box in EVERYWHERE:
        return EVERYWHERE[box]
    if not reach.departments and box in NOWHERE:
        return NOWHERE[box]
    return BOXES[box]


def box_link(box: Box, count: int | None, reach: Reach, *, current: bool) -> dict[str, Any]:
    """Return a box as a link with its count; the one whose list is shown, unless that is a saved view."""
    return {
        "text": box_name(box, reach),
        "href": address("triage.index", box=box.value),
        "count": count,
        "current": current,
        "late": box is Box.LATE,
    }
