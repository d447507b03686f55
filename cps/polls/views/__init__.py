"""Pages of polls: for everybody, for the voter, at the counter, for administrators."""

from cps.polls.views import (
    base,
    counter,
    counter_paper,
    manage_draft,
    manage_ending,
    manage_keys,
    manage_list,
    manage_opening,
    manage_options,
    manage_preview,
    manage_protocol,
    manage_running,
    manage_show,
    objecting,
    own,
    public,
    receipts,
    result_files,
    results,
    voting,
    watching,
)

BLUEPRINTS = (base.bp, base.manage, own.bp, watching.feeds)

__all__ = [
    "counter",
    "counter_paper",
    "manage_draft",
    "manage_ending",
    "manage_keys",
    "manage_list",
    "manage_opening",
    "manage_options",
    "manage_preview",
    "manage_protocol",
    "manage_running",
    "manage_show",
    "objecting",
    "public",
    "receipts",
    "result_files",
    "results",
    "voting",
]
