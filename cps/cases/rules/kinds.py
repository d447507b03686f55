"""What kinds there are of cases, of what happens to them and of what hangs on them; no Flask, no database."""

from datetime import timedelta
from enum import StrEnum


class CaseKind(StrEnum):
    """A complaint (something is broken here) or a proposal (the city should do this)."""

    COMPLAINT = "complaint"
    PROPOSAL = "proposal"


class Priority(StrEnum):
    """How urgent a case is."""

    NORMAL = "normal"
    URGENT = "urgent"


class Channel(StrEnum):
    """How a case reached the city."""

    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    MAIL = "mail"
    SMS = "sms"
    CHAT = "chat"
    PAPER = "paper"
    API = "api"
    IMPORT = "import"


class EventKind(StrEnum):
    """What happened to a case."""

    FILED = "filed"
    MOVED = "moved"
    UPDATED = "updated"
    ASSIGNED = "assigned"
    CATEGORISED = "categorised"
    PRIORITISED = "prioritised"
    TRANSFERRED = "transferred"
    EXTENDED = "extended"
    NOTED = "noted"
    ASKED = "asked"
    REPLIED = "replied"
    PHOTO_ADDED = "photo-added"
    CONFIRMED_FIXED = "confirmed-fixed"
    REOPEN_ASKED = "reopen-asked"
    JOINED = "joined"
    HIDDEN = "hidden"


class HidingReason(StrEnum):
    """Why the city hides something, or blacks out a part of it; everybody reads it."""

    PERSONAL_DATA = "personal-data"
    INSULT = "insult"
    THREAT = "threat"
    ACCUSATION = "accusation"
    ADVERTISING = "advertising"
    UNLAWFUL = "unlawful"
    RULES = "rules"


class Turn(StrEnum):
    """What an event says besides its kind; it stands in its data as `turn`, and pages word it by itself."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DECIDED = "decided"
    PARTNER_ANSWERED = "partner-answered"
    PARTNER_RETURNED = "partner-returned"
    PARTNER_TOOK = "partner-took"
    SYSTEM_SAID = "system-said"
    SYSTEM_DONE = "system-done"
    SYSTEM_AGAIN = "system-again"
    SYSTEM_SENT_AGAIN = "system-sent-again"
    SYSTEM_SENT_BACK = "system-sent-back"
    JOINED_HERE = "joined-here"
    PARTED = "parted"
    PARTED_HERE = "parted-here"
    RELEASED = "released"
    ABOUT_STAFF = "about-staff"
    ARRIVED = "arrived"
    NOT_FOUND = "not-found"
    LATE_REPLY = "late-reply"
    NO_REPLY = "no-reply"
    WRITTEN_DOWN = "written-down"
    PART_HIDDEN = "part-hidden"
    BLACKED_OUT = "blacked-out"
    SHOWN_AGAIN = "shown-again"


FROM_REPORTER = frozenset(
    {
        EventKind.FILED,
        EventKind.REPLIED,
        EventKind.PHOTO_ADDED,
        EventKind.CONFIRMED_FIXED,
        EventKind.REOPEN_ASKED,
    }
)
"""What a reporter does; all else in a story is the city's."""


class Audience(StrEnum):
    """Who may read an event."""

    PUBLIC = "public"
    REPORTER = "reporter"
    STAFF = "staff"


class PhotoStage(StrEnum):
    """Whether a photo shows the problem, the work done, or answers a question."""

    BEFORE = "before"
    AFTER = "after"
    REPLY = "reply"


MOST_PHOTOS = 6

DRAFT_KEPT = timedelta(days=7)
"""So long after it was touched last a draft can be gone on with."""
