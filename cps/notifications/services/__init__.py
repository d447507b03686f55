"""Every write on messages. Services flush and never commit; the caller opens the transaction."""

from cps.notifications.services.forgetting import count_old_told, forget_old_told
from cps.notifications.services.sending import (
    count_old,
    drop,
    forget_old,
    mark_sent,
    note_bounce,
    note_bounced,
    note_late_bounce,
    put_into_mailbox,
    stop_following,
)
from cps.notifications.services.sms_settings import set_sms_settings
from cps.notifications.services.telling import (
    TELL_FOLLOWERS,
    tell_code,
    tell_event,
    tell_filed,
    tell_head,
    tell_more_followers,
)
from cps.notifications.services.telling_accounts import (
    tell_archive_ready,
    tell_budget_spent,
    tell_email_added,
    tell_joined,
    tell_phone_changed,
    tell_phone_claimed,
    tell_two_step,
)
from cps.notifications.services.telling_departments import tell_reached
from cps.notifications.services.texting import (
    count_old_texts,
    forget_old_texts,
    mark_text_sent,
    put_off_text,
    stop_texts,
)

__all__ = [
    "TELL_FOLLOWERS",
    "count_old",
    "count_old_texts",
    "count_old_told",
    "drop",
    "forget_old",
    "forget_old_texts",
    "forget_old_told",
    "mark_sent",
    "mark_text_sent",
    "note_bounce",
    "note_bounced",
    "note_late_bounce",
    "put_into_mailbox",
    "put_off_text",
    "set_sms_settings",
    "stop_following",
    "stop_texts",
    "tell_archive_ready",
    "tell_budget_spent",
    "tell_code",
    "tell_email_added",
    "tell_event",
    "tell_filed",
    "tell_head",
    "tell_joined",
    "tell_more_followers",
    "tell_phone_changed",
    "tell_phone_claimed",
    "tell_reached",
    "tell_two_step",
]
