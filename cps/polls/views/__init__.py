"""Pages of polls: for everybody, for the voter, at the counter, for administrators."""

from cps.polls.manage.views.base import bp as manage
from cps.polls.views import (
    base,
    counter,
    counter_paper,
    objecting,
    own,
    public,
    receipts,
    result_files,
    results,
    voting,
    watching,
)

BLUEPRINTS = (base.bp, manage, own.bp, watching.feeds)

__all__ = [
    "counter",
    "counter_paper",
    "objecting",
    "public",
    "receipts",
    "result_files",
    "results",
    "voting",
]
