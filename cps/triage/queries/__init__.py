"""Every read of the desk."""

from cps.accounts.queries import names_of
from cps.triage.queries.alike import alike
from cps.triage.queries.counting import Count, box_counts, counts
from cps.triage.queries.proposals import goal_changes, poll_of, slug_of_public_poll
from cps.triage.queries.queue import LOOKED_AT, QUEUE_SIZE, queue
from cps.triage.queries.stories import (
    account_of,
    assignees,
    in_the_field,
    is_own_since,
    newest_events,
    photos_of_problems,
    story,
)
from cps.triage.queries.views import lock_views, start_of, start_row, view_for, views_for
from cps.triage.wanted import Moment, Queue

__all__ = [
    "LOOKED_AT",
    "QUEUE_SIZE",
    "Count",
    "Moment",
    "Queue",
    "account_of",
    "alike",
    "assignees",
    "box_counts",
    "counts",
    "goal_changes",
    "in_the_field",
    "is_own_since",
    "lock_views",
    "names_of",
    "newest_events",
    "photos_of_problems",
    "poll_of",
    "queue",
    "slug_of_public_poll",
    "start_of",
    "start_row",
    "story",
    "view_for",
    "views_for",
]
