"""What the desk shows: the list alone, or with a case and its forms beside it."""

from collections.abc import Callable
from typing import Any

from flask import g, render_template
from flask_login import current_user
from markupsafe import Markup

from cps.cases import queries as cases
from cps.cases.clock_words import changes_of, clock_in_words
from cps.cases.models import Case
from cps.cases.pictures import main_photos, pictures
from cps.cases.policy import reach_of
from cps.cases.queries import Reach
from cps.cases.rules import CaseKind
from cps.cases.wording import CHANNELS, PRIORITIES, status_look
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized
from cps.core.rendering import address, remembered
from cps.core.security import Can, allows
from cps.departments import queries as departments
from cps.departments.catalogue import Catalogue
from cps.departments.questions import answers_in_words
from cps.notices import presenting as presented
from cps.notices import queries as notices
from cps.notices.rules import Spot
from cps.triage import presenting, queries, rows
from cps.triage.queries import Moment
from cps.triage.rows import Writing, clock_mark
from cps.triage.rules import AT_DESK, Box, end_of_day
from cps.triage.views.address import Asked, asked
from cps.triage.views.opened import Open
from cps.wards import queries as wards
from cps.wards.queries import Areas

BOXES: dict[Box, Any] = {
    Box.NEW: _l("New"),
    Box.MINE: _l("Mine"),
    Box.DEPARTMENT: _l("My department"),
    Box.TODAY: _l("Due today"),
    Box.LATE: _l("Late"),
    Box.REPLIES: _l("Reply received"),
    Box.REOPENED: _l("Reopen asked"),
}
EMPTY: dict[Box, tuple[Any, Any]] = {
    Box.NEW: (_l("Nothing new"), _l("What nobody has taken yet appears here.")),
    Box.MINE: (_l("You have no cases"), _l("What you take appears here until it is closed.")),
    Box.DEPARTMENT: (_l("No open cases"), _l("Every open case of your department appears here.")),
    Box.TODAY: (_l("Nothing is due today"), _l("What was promised by tonight appears here.")),
    Box.LATE: (_l("Nothing is late"), _l("Cases past their date appear here.")),
    Box.REPLIES: (_l("No replies"), _l("When a reporter answers you, the case appears here.")),
    Box.REOPENED: (_l("Nobody asked"), _l("When a reporter says “it is not fixed”, the case appears here.")),
}
KINDS = {CaseKind.COMPLAINT: _l("Complaints"), CaseKind.PROPOSAL: _l("Proposals")}
KEYS = (
    ("j k", _l("Next and previous case")),
    ("Enter", _l("Open the case")),
    ("a", _l("Take it, or give it back")),
    ("r", _l("Reply")),
    ("e", _l("Close it, or open it again; answer a proposal")),
    ("u", _l("More time")),
    ("m", _l("Decide about more time")),
    ("t", _l("Transfer")),
    ("c", _l("Category and priority")),
    ("d", _l("Join to another case")),
    ("l", _l("Answer a proposal below the line")),
    ("v", _l("How an accepted proposal is done")),
    ("p", _l("Make a poll of an accepted proposal")),
    ("n", _l("Note")),
    ("/", _l("Search")),
    ("?", _l("This help")),
    ("Ctrl Enter", _l("Send the form")),
    ("Esc", _l("Leave a field, fold a form")),
)

NO_PHOTO = "0" * 32

_desk_filter = remembered("components/desk.html", "desk_filter", keep=200)


def list_page(*, lost: str | None = None) -> str:
    """Render the desk without a case; `lost` are words that were typed for a case that is gone."""
    catalogue, areas = departments.catalogue(), wards.areas()
    parts = _list_parts(asked(catalogue, areas), catalogue, areas)
    return render_template("triage/desk.html", **parts, desk=None, lost=lost)


def case_page(desk: Open) -> str:
    """Render the desk with a case open."""
    areas = wards.areas()
    parts = _list_parts(desk.asked, desk.catalogue, areas, open_id=desk.case.id) | _case_parts(desk, areas)
    return render_template("triage/desk.html", **parts, desk=desk, lost=None)


def _list_parts(
    wanted: Asked, catalogue: Catalogue, areas: Areas, *, open_id: int | None = None
) -> dict[str, Any]:
    now = clock.now()
    moment = Moment(now, end_of_day(now, g.city.zone))
    page = queries.queue(wanted.queue, current_user, moment, after=wanted.after)
    counts = queries.box_counts(current_user, moment)
    reach = reach_of(current_user)
    many = reach.everywhere or len(reach.departments) > 1
    writing = Writing(
        now=now,
        zone=g.city.zone,
        reader_id=current_user.id,
        catalogue=catalogue,
        areas=areas,
        shows_department=many,
        href=wanted.to_cases(),
        thumb=_to_thumbs(),
        open_id=open_id,
    )
    return {
        "asked": wanted,
        "box_name": _box_name(wanted.queue.box, reach),
        "boxes": [_box(box, counts[box], wanted, reach) for box in Box],
        "rows": rows.written(page.rows, writing),
        "next_address": wanted.to_list(after=page.next_key) if page.next_key else None,
        "filters": _filters(wanted, catalogue, areas, many),
        "chips": _chips(wanted, catalogue, areas),
        "empty": EMPTY[wanted.queue.box],
        "keys": KEYS,
        "may_make_notices": allows(current_user, Can.MAKE_NOTICES),
    }


def _to_thumbs() -> Callable[[str | None], str | None]:
    """Return a function from the name of a photo to the address of its thumbnail, which is built once."""
    before, after = address("cases.photo", name=NO_PHOTO, size="thumbnail").split(NO_PHOTO)
    return lambda name: f"{before}{name}{after}" if name else None


def _box_name(box: Box, reach: Reach) -> Any:
    return _("All departments") if box is Box.DEPARTMENT and reach.everywhere else BOXES[box]


def _box(box: Box, count: int, wanted: Asked, reach: Reach) -> dict[str, Any]:
    return {
        "text": _box_name(box, reach),
        "href": address("triage.index", box=box.value),
        "count": count,
        "current": box is wanted.queue.box,
        "late": box is Box.LATE,
    }


def _filters(wanted: Asked, catalogue: Catalogue, areas: Areas, many: bool) -> list[Markup]:
    """Return what can be chosen to narrow the list."""
    offered = {
        "kind": (_("What it is"), [(kind.value, str(word)) for kind, word in KINDS.items()]),
        "status": (_("State"), [(s.value, str(status_look(s).word)) for s in AT_DESK]),
        "category": (_("Category"), [(c.code, localized(c.name)) for c in catalogue.offered()]),
        "ward": (_("Ward"), [(w.code, localized(w.name)) for w in areas.wards.values()]),
        "priority": (_("Priority"), [(p.value, str(word)) for p, word in PRIORITIES.items()]),
    }
    if many:
        named = [(d.code, localized(d.name)) for d in catalogue.departments.values() if d.is_active]
        offered["department"] = (_("Department"), named)
    return [
        _desk_filter(name=name, label=label, choices=tuple(choices), chosen=wanted.filters.get(name, ""))
        for name, (label, choices) in offered.items()
    ]


def _chips(wanted: Asked, catalogue: Catalogue, areas: Areas) -> list[dict[str, Any]]:
    """Return the filters that are set, each as a link that takes it away."""
    queue = wanted.queue
    category = catalogue.categories.get(queue.category_id or 0)
    department = catalogue.departments.get(queue.department_id or 0)
    words = {
        "q": f"“{queue.words}”",
        "kind": KINDS[queue.kind] if queue.kind else "",
        "status": status_look(queue.status).word if queue.status else "",
        "category": localized(category.name) if category else "",
        "department": localized(department.name) if department else "",
        "ward": localized(areas.names.get(queue.ward_id or 0)),
        "priority": PRIORITIES[queue.priority] if queue.priority else "",
    }
    return [
        {"text": words[name], "href": wanted.to_list(**{name: None, "after": None}), "removes": True}
        for name in wanted.filters
    ]


def _case_parts(desk: Open, areas: Areas) -> dict[str, Any]:
    case = desk.case
    due_words, due_colour = clock_mark(case, now=clock.now(), zone=g.city.zone)
    events = queries.story(case.id)
    photos = cases.photos(case.id)
    cases.show_originals([case], [event for event, _name in events])
    people = presenting.names_of_actors(events)
    people |= queries.names_of(presenting.people_in(case, events) - set(people))
    before, after = main_photos(photos)
    ward = localized(areas.names.get(case.ward_id or 0))
    return {
        "case": case,
        "look": status_look(case.status, case.outcome),
        "due_words": due_words,
        "due_colour": due_colour,
        "channel": CHANNELS[case.channel],
        "place": ", ".join(part for part in (case.address, ward) if part),
        "category": localized(desk.category.name),
        "department": localized(desk.catalogue.departments[case.department_id].name),
        "assignee": people.get(case.assignee_id or 0, ""),
        "answers": answers_in_words(case.answers, desk.category),
        "before": pictures(before, _("Photo of the problem")),
        "after": pictures(after, _("Photo after the work")),
        "story": presenting.story_of(case, events, photos, desk.catalogue, people),
        "pictures": pictures,
        "clock": clock_in_words(case, changes_of(case, cases.due_changes), clock.now()),
        **_notices_of(case, areas),
    }


def _notices_of(case: Case, areas: Areas) -> dict[str, Any]:
    """Return the notice the case hangs under, or those it may belong under."""
    at = clock.now()
    notice = cases.notice_of(case.id)
    if notice is not None:
        return {"notice": presented.card(notice, at), "fitting": []}
    position = (case.lat, case.lon) if case.lat is not None and case.lon is not None else None
    spot = Spot(areas.codes.get(case.ward_id or 0), position, case.category_id)
    can_hang = case.is_open and case.kind is CaseKind.COMPLAINT and not case.is_integrity
    fitting = notices.running_for(spot, at) if can_hang else []
    return {"notice": None, "fitting": presented.cards(fitting, at), "can_hang": can_hang}
