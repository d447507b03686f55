"""Pages of the desk: the queue, the case beside it, and what is done to it."""

from cps.triage.views import (
    acts,
    clock_settings,
    closing,
    compare,
    desk,
    field,
    filter_page,
    goal_settings,
    handing,
    integrity,
    notice_acts,
    notice_cases,
    notices,
    partners,
    proposal_answer,
    proposal_delivery,
    proposal_join,
    proposal_lift,
    proposal_poll,
    saved_views,
    voice,
)
from cps.triage.work import views as work

BLUEPRINTS = (desk.bp, clock_settings.bp, goal_settings.bp)

__all__ = [
    "acts",
    "closing",
    "compare",
    "field",
    "filter_page",
    "handing",
    "integrity",
    "notice_acts",
    "notice_cases",
    "notices",
    "partners",
    "proposal_answer",
    "proposal_delivery",
    "proposal_join",
    "proposal_lift",
    "proposal_poll",
    "saved_views",
    "voice",
    "work",
]
