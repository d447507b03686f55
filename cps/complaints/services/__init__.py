"""Every write of filing: the draft, and what becomes a case. The caller opens the transaction."""

from cps.complaints.services.drafts import (
    FOR,
    Placed,
    add_photos,
    begin_draft,
    begin_draft_for,
    begin_draft_once,
    clear_gone_drafts,
    drop_draft,
    drop_photo,
    drop_voice,
    finish,
    forget_details,
    forget_drafts,
    keep,
    keep_voice,
    part_known,
    take_over,
)
from cps.complaints.services.filing import Sending, file_draft, is_urgent
from cps.complaints.services.places import Settled, settle
from cps.complaints.services.sealing import opened
from cps.complaints.services.suggesting import set_suggestions

__all__ = [
    "FOR",
    "Placed",
    "Sending",
    "Settled",
    "add_photos",
    "begin_draft",
    "begin_draft_for",
    "begin_draft_once",
    "clear_gone_drafts",
    "drop_draft",
    "drop_photo",
    "drop_voice",
    "file_draft",
    "finish",
    "forget_details",
    "forget_drafts",
    "is_urgent",
    "keep",
    "keep_voice",
    "opened",
    "part_known",
    "set_suggestions",
    "settle",
    "take_over",
]
