"""Every read of the desk."""

from cps.triage.queries.proposals import goal_changes, poll_of
from cps.triage.queries.queue import KEY, QUEUE_SIZE, Moment, Queue, box_counts, queue
from cps.triage.queries.stories import account_of, names_of, story

__all__ = [
    "KEY",
    "QUEUE_SIZE",
    "Moment",
    "Queue",
    "account_of",
    "box_counts",
    "goal_changes",
    "names_of",
    "poll_of",
    "queue",
    "story",
]
