"""Every write of the answer base. Services flush and never commit; the caller opens the transaction."""

from cps.knowledge.services.counting import (
    Told,
    count_told,
    first_kept,
    forget_unanswered,
    forget_words,
    note_unanswered,
)
from cps.knowledge.services.importing import Report, all_articles, load
from cps.knowledge.services.synonyms import drop_synonyms, let_authors_publish, save_synonyms
from cps.knowledge.services.writing import (
    begin,
    confirm,
    mark_reviewed,
    move,
    set_facts,
    show_to_readers,
    take_out_of_readers_sight,
    write,
)

__all__ = [
    "Report",
    "Told",
    "all_articles",
    "begin",
    "confirm",
    "count_told",
    "drop_synonyms",
    "first_kept",
    "forget_unanswered",
    "forget_words",
    "let_authors_publish",
    "load",
    "mark_reviewed",
    "move",
    "note_unanswered",
    "save_synonyms",
    "set_facts",
    "show_to_readers",
    "take_out_of_readers_sight",
    "write",
]
