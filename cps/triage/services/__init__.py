"""What the desk writes."""

from cps.triage.services.polls import make_poll
from cps.triage.services.views import (
    MOST_VIEWS,
    begin_with,
    delete_view,
    forget_views,
    keep_view,
    move_view_up,
    rename_view,
    share_view,
)

__all__ = [
    "MOST_VIEWS",
    "begin_with",
    "delete_view",
    "forget_views",
    "keep_view",
    "make_poll",
    "move_view_up",
    "rename_view",
    "share_view",
]
