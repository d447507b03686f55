"""What the city knows already, in the steps of filing: whoever reads it may not need to report it."""

from flask import request

from cps.cases.models import Draft
from cps.complaints.rules import Step
from cps.complaints.views import drafts
from cps.complaints.views.filing import chosen_category
from cps.complaints.views.public import bp
from cps.core import clock
from cps.notices import presenting, queries
from cps.notices.presenting import Card
from cps.notices.rules import Spot
from cps.wards import queries as wards

STEPS = frozenset(
    f"complaints.{view}"
    for view in (
        *("new", "photos", "add_photos", "place", "set_place", "words", "set_words"),
        *("details", "set_details", "similar", "check", "send"),
    )
)
"""Pages that somebody who is filing reads now; others of the same frame are stored on phones."""


@bp.app_context_processor
def notices_in_filing() -> dict[str, object]:
    """Give the frame of the steps what is known of the place and kind of thing told so far."""
    return {"notices_for_draft": _for_draft}


def _for_draft() -> list[Card]:
    at = clock.now()
    if request.endpoint not in STEPS or not queries.running(at):
        return []
    return presenting.cards(queries.running_for(_spot_of(drafts.unsent(at)), at), at)


def _spot_of(draft: Draft | None) -> Spot:
    """Return what is known so far; before the place is told only notices for the whole city fit."""
    if draft is None:
        return Spot()
    place = draft.content.get("place", {}) if Step.PLACE.value in draft.content.get("done", []) else {}
    category = chosen_category(draft)
    position = (place["lat"], place["lon"]) if place.get("lat") is not None else None
    code = wards.areas().codes.get(place.get("ward_id") or 0)
    return Spot(code, position, category.id if category else None)
