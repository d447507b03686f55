"""Reads of what several features hold about one account."""

from cps.pages.queries.accounts import (
    account,
    accounts_joined_to,
    all_looks_at,
    identities_of,
    looks_at,
    numbers_waited_for,
    sessions_of,
)
from cps.pages.queries.archives import archive_of, count_gone_archives, gone_archives
from cps.pages.queries.cases import cases_with_contact, own_words, photos_of, taken_part, voice_notes_of
from cps.pages.queries.counts import PHOTOS_AT_ONCE, ROWS_AT_ONCE, Held, counts_about
from cps.pages.queries.desk import desk_start, desk_views, morning_stopped_at
from cps.pages.queries.hearing import (
    alerts_of,
    bounced_at,
    followed_notices,
    message_wishes_of,
    messages_to,
    texts_to,
    told_to,
)
from cps.pages.queries.voicing import backed_comments, comments_by, objections_by, verdicts_of, watched_polls

__all__ = [
    "PHOTOS_AT_ONCE",
    "ROWS_AT_ONCE",
    "Held",
    "account",
    "accounts_joined_to",
    "alerts_of",
    "all_looks_at",
    "archive_of",
    "backed_comments",
    "bounced_at",
    "cases_with_contact",
    "comments_by",
    "count_gone_archives",
    "counts_about",
    "desk_start",
    "desk_views",
    "followed_notices",
    "gone_archives",
    "identities_of",
    "looks_at",
    "message_wishes_of",
    "messages_to",
    "morning_stopped_at",
    "numbers_waited_for",
    "objections_by",
    "own_words",
    "photos_of",
    "sessions_of",
    "taken_part",
    "texts_to",
    "told_to",
    "verdicts_of",
    "voice_notes_of",
    "watched_polls",
]
