"""The case beside the list, ready for its template."""

from typing import Any

from flask import g
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.clock_words import changes_of, clock_in_words
from cps.cases.models import Case
from cps.cases.pictures import main_photos, pictures
from cps.cases.rules import CaseKind, Turn
from cps.cases.wording import CHANNELS, status_look
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.departments.questions import answers_in_words
from cps.helpers import queries as helpers
from cps.notices import presenting as presented
from cps.notices import queries as notices
from cps.notices.rules import Spot
from cps.triage import presenting, queries
from cps.triage.rows import clock_mark
from cps.triage.views.opened import Open
from cps.triage.views.presence import others_at
from cps.wards.queries import Areas


def case_parts(desk: Open, areas: Areas) -> dict[str, Any]:
    """Return everything staff know of the open case."""
    case = desk.case
    due_words, due_colour = clock_mark(case, now=clock.now(), zone=g.city.zone)
    events = queries.story(case.id)
    shown = {event.id for event, _name in events}
    photos = [one for one in cases.photos(case.id) if one.event_id is None or one.event_id in shown]
    if not case.is_integrity:  # numbers in the words may lead to the reporter
        cases.show_originals([case], [event for event, _name in events])
    people = presenting.names_of_actors(events)
    people |= queries.names_of(presenting.people_in(case, events) - set(people))
    is_sealed = any(event.data.get("turn") == Turn.RELEASED for event, _name in events)
    hides_reporter = case.is_integrity or is_sealed
    named = None if hides_reporter else helpers.names_in(case, [event for event, _name in events])
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
        "others_here": others_at(case),
        "story": presenting.story_of(case, events, photos, desk.catalogue, people, named),
        "reporter_is_sealed": is_sealed,
        "pictures": pictures,
        "clock": clock_in_words(case, changes_of(case, cases.due_changes), clock.now()),
        "alike": queries.alike(case, current_user, at=clock.now()),
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
