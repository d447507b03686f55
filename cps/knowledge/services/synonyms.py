"""Words that mean the same, and whether authors publish: what the city sets about its answers."""

from datetime import datetime

from cps.accounts.models import Account
from cps.core import audit
from cps.core.city import lock as lock_city
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.text import one_line
from cps.knowledge import queries
from cps.knowledge.models import SynonymSet
from cps.knowledge.rules import AUTHORS_PUBLISH, LONGEST_SYNONYM, MOST_SYNONYMS


def save_synonyms(
    words: list[str], *, by: Account | None, at: datetime, set_id: int | None = None
) -> SynonymSet:
    """Make or change a set of words that mean the same.

    Raises RuleViolation for fewer than two words, too many or too long ones, and a set that is gone.
    """
    tidy = list(dict.fromkeys(filter(None, map(one_line, words))))
    if len(tidy) < 2:
        raise RuleViolation(_("Write at least two words that mean the same."))
    if len(tidy) > MOST_SYNONYMS or any(len(word) > LONGEST_SYNONYM for word in tidy):
        raise RuleViolation(
            _(
                "At most %(most)s words of up to %(length)s letters each.",
                most=MOST_SYNONYMS,
                length=LONGEST_SYNONYM,
            )
        )
    row = queries.synonym_set(set_id) if set_id is not None else SynonymSet()
    if row is None:
        raise RuleViolation(_("Somebody else deleted these words a moment ago."))
    before, row.words = row.words, tidy
    db.session.add(row)
    db.session.flush()
    _trace("set-synonyms", row.id, by, at, [before, tidy])
    return row


def drop_synonyms(set_id: int, *, by: Account, at: datetime) -> None:
    """Delete a set; already gone is fine."""
    row = queries.synonym_set(set_id)
    if row is not None:
        _trace("drop-synonyms", row.id, by, at, [row.words, None])
        db.session.delete(row)


def let_authors_publish(may: bool, *, by: Account | None, at: datetime) -> None:
    """Set whether whoever wrote an article may publish it."""
    city = lock_city()
    before = bool(city.settings.get(AUTHORS_PUBLISH))
    if before != may:
        city.settings = {**city.settings, AUTHORS_PUBLISH: may}
        told = {AUTHORS_PUBLISH: [before, may]}
        audit.record("set-answers", about=("city", 1), by=by.id if by else None, at=at, changes=told)
        db.session.flush()


def _trace(action: str, set_id: int, by: Account | None, at: datetime, words: list[object]) -> None:
    about = ("synonyms", set_id)
    audit.record(action, about=about, by=by.id if by else None, at=at, changes={"words": words})
