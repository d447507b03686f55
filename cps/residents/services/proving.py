"""Proving to be somebody of the register: with the code of a letter, or before a clerk."""

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from cps.accounts.models import Account, Identity
from cps.accounts.rules import IdentityKind
from cps.core.db import db
from cps.residents import queries
from cps.residents.models import RegisterEntry
from cps.residents.rules import LETTER_TRIES, Claim, has_lapsed
from cps.residents.services.letters import letter_hash


def claim(account: Account, code: str, born_on: date, *, at: datetime) -> Claim:
    """Let an account, locked, prove with a letter whose it is; only DONE has changed more than the tries.

    A wrong birth date is counted in the running transaction: commit it also when the proof failed.
    """
    if queries.has_mark(account.id):
        return Claim.HAS_ANOTHER
    entry = queries.lock_entry_of_letter(letter_hash(code))
    if entry is None or entry.letter_made_at is None:
        return Claim.WRONG
    if has_lapsed(entry.letter_made_at, at):
        return Claim.LAPSED
    if entry.letter_tries >= LETTER_TRIES:
        return Claim.TRIED_OUT
    if entry.born_on != born_on:
        entry.letter_tries += 1
        db.session.flush()
        return Claim.WRONG
    return link(account, entry, at=at)


def link(account: Account, entry: RegisterEntry, *, at: datetime) -> Claim:
    """Say that an account's owner is this person; both are locked. DONE, TAKEN or HAS_ANOTHER.

    A mark that an account left behind goes to the next one that proves it; the tag stays the same.
    """
    if queries.has_mark(account.id):
        return Claim.HAS_ANOTHER
    mark = queries.mark_of(entry.tag)
    if mark is not None and mark.account_id is not None:
        return Claim.TAKEN
    try:
        with db.session.begin_nested():
            if mark is None:
                mark = Identity(kind=IdentityKind.REGISTER, tag=entry.tag)
                db.session.add(mark)
            mark.account_id, mark.verified_at = account.id, at
    except IntegrityError:
        return Claim.TAKEN
    entry.letter_code_hash = None
    db.session.flush()
    return Claim.DONE
