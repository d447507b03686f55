"""Readers object; moderators leave what they object to, and settle the objections to what they hide."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.accounts.models import Account
from cps.cases.masking import masked
from cps.core import audit, outbox
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.outbox import Fact
from cps.core.upsert import insert_into
from cps.moderation import queries
from cps.moderation.models import Flag
from cps.moderation.queries import Found
from cps.moderation.rules import LONGEST_WORDS, FlagReason


@dataclass(frozen=True, slots=True)
class Objection:
    """Why somebody objects: a reason of the list, and words; with "something else" words are needed."""

    reason: FlagReason
    words: str = ""
    language: str = "en"


def flag(found: Found, what: Objection, *, by: Account | None, tag: str, at: datetime) -> bool:
    """Object to something that everybody sees, so that a moderator looks; False when this person did before.

    A visitor is known by the `tag` of their network. How often somebody may, the page counts before.
    """
    if by is not None and by.id == found.author_id:
        raise RuleViolation(_("This is your own."))
    if what.reason is FlagReason.OTHER and not what.words.strip():
        raise RuleViolation(_("Say in a few words what is wrong with it."))
    row = {
        "thing": found.thing,
        "thing_id": found.id,
        "case_id": found.case.id,
        "account_id": by.id if by is not None else None,
        "tag": tag if by is None else None,
        "reason": what.reason,
        "words": masked(what.words, what.language)[:LONGEST_WORDS],
        "at": at,
        "answer": "",
    }
    added = insert_into(Flag).values(row).on_conflict_do_nothing().returning(Flag.id)
    return db.session.execute(added).first() is not None


def leave(found: Found, answer: str, *, by: Account, at: datetime) -> None:
    """Let a thing stand: the objections to it are settled; who objected with an account reads the answer."""
    must_be_anothers(found, by)
    if not settle(found, answer, at=at):
        raise RuleViolation(_("Nobody waits for a decision about this any more."))
    trace(found, "leave", by, at)
    db.session.flush()


def must_be_anothers(found: Found, by: Account) -> None:
    """Raise RuleViolation where a moderator would decide about what they wrote themselves."""
    if found.author_id == by.id:
        raise RuleViolation(_("This is your own. Another moderator decides about it."))


def trace(found: Found, action: str, by: Account | None, at: datetime, **changes: list[Any]) -> None:
    """Leave the audit row of what was done to a thing: about its case, so that both are found together."""
    named = {"thing": [None, found.thing.value], "thing_id": [None, found.id]}
    about = ("case", found.case.reference)
    audit.record(action, about=about, by=by.id if by else None, at=at, changes={**named, **changes})


def settle(found: Found, answer: str, *, at: datetime) -> int:
    """Settle the objections to a thing that wait, and state it to whom they were; returns how many."""
    waiting = queries.flags_of(found.thing, found.id)
    for one in waiting:
        if one.account_id is not None:
            outbox.state(Fact.FLAG_SETTLED, one.id, at=at)
        one.settled_at, one.answer = at, answer[:LONGEST_WORDS]
    db.session.flush()
    return len(waiting)
