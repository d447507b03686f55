"""Reads of cases, their stories, photos and people."""

from cps.cases.queries.asking import waiting_question
from cps.cases.queries.clock import due_changes, extension_told_with, is_late, waiting_request
from cps.cases.queries.found import MOST_COUNTED, Found, count_listed, found
from cps.cases.queries.joins import joined_to, joined_under, lock_pair, newest_join
from cps.cases.queries.lists import (
    LIST_SIZE,
    Filter,
    list_tag,
    listed,
    listed_where,
    own_cases,
    recently_answered,
    tag_of_hour,
)
from cps.cases.queries.matching import asked_tokens, matches, matches_read
from cps.cases.queries.notices import (
    count_under,
    lock_untold,
    notice_of,
    offered,
    told_by,
    under,
)
from cps.cases.queries.one import (
    case_of_secret,
    contact_of,
    find_case,
    get_case,
    is_pin_of,
    lock_case,
    lock_joins,
)
from cps.cases.queries.originals import (
    as_written,
    original_message,
    original_title,
    show_originals,
    title_at_desk,
)
from cps.cases.queries.people import Reach, is_followed_by, is_supported_by, reach_of
from cps.cases.queries.rows import first_photo
from cps.cases.queries.similar import Near, hashes_of_photos, report_of, similar_candidates
from cps.cases.queries.stories import (
    case_of_photo,
    events_of,
    hidden_because,
    photo,
    photo_is_public,
    photos,
    photos_of_events,
    story,
    was_confirmed,
)
from cps.cases.queries.texts import newest_texts

__all__ = [
    "LIST_SIZE",
    "MOST_COUNTED",
    "Filter",
    "Found",
    "Near",
    "Reach",
    "as_written",
    "asked_tokens",
    "case_of_photo",
    "case_of_secret",
    "contact_of",
    "count_listed",
    "count_under",
    "due_changes",
    "events_of",
    "extension_told_with",
    "find_case",
    "first_photo",
    "found",
    "get_case",
    "hashes_of_photos",
    "hidden_because",
    "is_followed_by",
    "is_late",
    "is_pin_of",
    "is_supported_by",
    "joined_to",
    "joined_under",
    "list_tag",
    "listed",
    "listed_where",
    "lock_case",
    "lock_joins",
    "lock_pair",
    "lock_untold",
    "matches",
    "matches_read",
    "newest_join",
    "newest_texts",
    "notice_of",
    "offered",
    "original_message",
    "original_title",
    "own_cases",
    "photo",
    "photo_is_public",
    "photos",
    "photos_of_events",
    "reach_of",
    "recently_answered",
    "report_of",
    "show_originals",
    "similar_candidates",
    "story",
    "tag_of_hour",
    "title_at_desk",
    "told_by",
    "under",
    "waiting_question",
    "waiting_request",
    "was_confirmed",
]
