"""Reads of the answer base."""

from cps.knowledge.queries.articles import (
    every,
    find_slug,
    get,
    languages,
    lock,
    slugs_like,
    story,
    texts_of,
    writers_since_published,
)
from cps.knowledge.queries.counts import (
    UNANSWERED_DAYS,
    Helped,
    Unanswered,
    different_searches,
    helped,
    old_searches,
    synonym_set,
    synonym_sets,
    unanswered,
)
from cps.knowledge.queries.reading import AnswerRow, Shown, counts_by_category, newest, related, shown
from cps.knowledge.queries.searching import Answers, answers, offered
from cps.knowledge.queries.seen_texts import SeenText, seen_text_after, seen_texts
from cps.knowledge.queries.worked import Worked, WorkRow, count_by_status, names_of_roles, worked

__all__ = [
    "UNANSWERED_DAYS",
    "AnswerRow",
    "Answers",
    "Helped",
    "SeenText",
    "Shown",
    "Unanswered",
    "WorkRow",
    "Worked",
    "answers",
    "count_by_status",
    "counts_by_category",
    "different_searches",
    "every",
    "find_slug",
    "get",
    "helped",
    "languages",
    "lock",
    "names_of_roles",
    "newest",
    "offered",
    "old_searches",
    "related",
    "seen_text_after",
    "seen_texts",
    "shown",
    "slugs_like",
    "story",
    "synonym_set",
    "synonym_sets",
    "texts_of",
    "unanswered",
    "worked",
    "writers_since_published",
]
