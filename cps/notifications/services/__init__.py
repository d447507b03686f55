"""Every write on messages. Services flush and never commit; the caller opens the transaction."""

from cps.notifications.services.sending import forget_old, mark_sent, put_into_mailbox, stop_following
from cps.notifications.services.telling import (
    TELL_FOLLOWERS,
    tell_code,
    tell_event,
    tell_filed,
    tell_head,
    tell_more_followers,
)

__all__ = [
    "TELL_FOLLOWERS",
    "forget_old",
    "mark_sent",
    "put_into_mailbox",
    "stop_following",
    "tell_code",
    "tell_event",
    "tell_filed",
    "tell_head",
    "tell_more_followers",
]
