"""Phone numbers of accounts: proven, changed, given up, and passed on when a number has a new owner.

One number is one identity, and belongs to one account. Numbers are given away and sold anew, so that whoever
proves one that another account holds gets it too, but only later: the holder is told, and has time to prove
that the number is still theirs.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete

from cps.accounts import queries
from cps.accounts.models import Account, PhoneClaim
from cps.accounts.rules import AccountState, IdentityKind
from cps.accounts.services.marks import known_or_new
from cps.core import audit, outbox
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.outbox import Fact
from cps.core.upsert import insert_into

CLAIM_WAITS = timedelta(days=7)
CLAIMS_AT_ONCE = 100


class PhoneProof(StrEnum):
    """What became of a number that somebody has proven."""

    LINKED = "linked"
    OWN = "own"
    CLAIMED = "claimed"


def prove_phone(account: Account, phone: str, *, at: datetime) -> PhoneProof:
    """Note that an account, locked, has just proven a normal number; it gives up the one it had.

    OWN where it was the account's already: a claim of somebody else on it is over. CLAIMED where another
    account holds it: the number moves later (`move_due_numbers`). Two at the same moment: one is LINKED.
    """
    tag = queries.address_tag(phone)
    known, is_new = known_or_new(IdentityKind.PHONE, tag, account, at=at)
    if known.account_id is not None and known.account_id != account.id:
        _claim(account, phone, tag, held_by=known.account_id, at=at)
        return PhoneProof.CLAIMED
    _forget_claims(tag, account)
    proof = PhoneProof.OWN
    if is_new or known.account_id is None:
        known.account_id, known.verified_at = account.id, at
        proof = PhoneProof.LINKED
    _give_up(account, but=phone)
    account.phone = phone
    account.phone_verified_at = known.verified_at
    if proof is PhoneProof.LINKED and account.email_verified_at is not None:
        outbox.state(Fact.PHONE_CHANGED, account.id, at=at)
    db.session.flush()
    return proof


def remove_phone(account: Account) -> None:
    """Let an account, locked, have no number; raises RuleViolation where it is the only way in."""
    if account.email_verified_at is None:
        raise RuleViolation(
            _(
                "This number is the only way into your account. Put another one in its place, or join an"
                " account that has an e-mail address."
            )
        )
    _give_up(account)
    account.phone, account.phone_verified_at = "", None
    _forget_waiting(account)
    db.session.flush()


def give_up_address(account: Account, kind: IdentityKind, tag: str) -> None:
    """Let go of an address or number that came with a joined account; others are out of reach."""
    known = queries.lock_identity(kind, tag)
    own = {queries.address_tag(one) for one in (account.email, account.phone) if one}
    if known is None or known.account_id != account.id or known.tag in own:
        raise RuleViolation(_("This cannot be removed here."))
    if kind not in {IdentityKind.EMAIL, IdentityKind.PHONE}:
        raise RuleViolation(_("This cannot be removed here."))
    known.account_id = None
    db.session.flush()


def stop_waiting(account: Account) -> None:
    """Let an account no longer wait for a number of another one."""
    _forget_waiting(account)


def note_told(tag: str, *, at: datetime) -> None:
    """Note that the holder of a number was told of the claim on it."""
    claim = queries.claim_of(tag)
    if claim is not None and claim.told_at is None:
        claim.told_at = at
        db.session.flush()


def move_due_numbers(at: datetime) -> bool:
    """Give numbers to their new owners whose time has come; True where more wait."""
    due = queries.due_claims(at, limit=CLAIMS_AT_ONCE)
    moved = [tag for tag in due if _move(tag, at)]
    return len(moved) == CLAIMS_AT_ONCE


def _claim(account: Account, phone: str, tag: str, *, held_by: int, at: datetime) -> None:
    """Let the newest who proved a number wait for it, and state that its holder be told."""
    row = {"account_id": account.id, "phone": phone, "claimed_at": at, "told_at": None}
    row["due_at"] = at + CLAIM_WAITS
    statement = insert_into(PhoneClaim).values(tag=tag, **row)
    db.session.execute(statement.on_conflict_do_update(index_elements=["tag"], set_=row))
    outbox.state(Fact.PHONE_CLAIMED, held_by, at=at, tag=tag, phone=phone)


def _forget_claims(tag: str, account: Account) -> None:
    db.session.execute(delete(PhoneClaim).where(PhoneClaim.tag == tag))
    _forget_waiting(account)


def _forget_waiting(account: Account) -> None:
    db.session.execute(delete(PhoneClaim).where(PhoneClaim.account_id == account.id))


def _give_up(account: Account, *, but: str = "") -> None:
    """Let the account's number belong to nobody; the tag stays, so that it never counts twice in a poll."""
    if not account.phone or account.phone == but:
        return
    known = queries.lock_identity(IdentityKind.PHONE, queries.address_tag(account.phone))
    if known is not None and known.account_id == account.id:
        known.account_id = None


def _move(tag: str, at: datetime) -> bool:
    """Give one number to who waits for it; False where somebody else changed it meanwhile.

    Accounts are locked before numbers, as everywhere, and what was read before is looked at again.
    """
    holder, waiting = queries.holder_of(IdentityKind.PHONE, tag), queries.waiting_for(tag)
    if waiting is None:
        return False
    people = {key: queries.lock_account(key) for key in sorted({waiting, holder or waiting})}
    known, claim = queries.lock_identity(IdentityKind.PHONE, tag), queries.claim_of(tag)
    if claim is None or claim.account_id != waiting or known is None or known.account_id != holder:
        return False
    new, phone, old = people[waiting], claim.phone, people[holder] if holder else None
    db.session.delete(claim)
    db.session.flush()
    if new.state is not AccountState.ACTIVE:
        return True
    if old is not None and old.id != new.id:
        if old.phone == phone:
            old.phone, old.phone_verified_at = "", None
        audit.record("move-phone", about=("account", old.id), by=None, at=at, changes={"to": [None, new.id]})
    known.account_id = None
    db.session.flush()
    prove_phone(new, phone, at=at)
    return True
