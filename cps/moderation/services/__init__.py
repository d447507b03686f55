"""Objecting, hiding, blacking out, showing again, appealing: each leaves its trace and is told."""

from cps.moderation.services.appealing import appeal, decide
from cps.moderation.services.flagging import Objection, flag, leave
from cps.moderation.services.forgetting import (
    forget_of_cases,
    forget_person,
    forget_settled,
    join_flags,
)
from cps.moderation.services.hiding import Hiding, hide, show_again
from cps.moderation.services.redacting import Covered, cover, cover_photo, forget_cover, redact_words

__all__ = [
    "Covered",
    "Hiding",
    "Objection",
    "appeal",
    "cover",
    "cover_photo",
    "decide",
    "flag",
    "forget_cover",
    "forget_of_cases",
    "forget_person",
    "forget_settled",
    "hide",
    "join_flags",
    "leave",
    "redact_words",
    "show_again",
]
