"""An account is deleted: at once, for good, and without a trace of name, mail or phone.

What stays is a row without anything in it, so that numbers of accounts are never given twice, and the keyed
tags of what was proven, so that nobody votes twice in a poll. See docs/privacy.md.
"""

from datetime import datetime

from sqlalchemy import delete, update

from cps.accounts import partings, queries
from cps.accounts.models import Account, Identity, PhoneClaim
from cps.accounts.partings import Parting
from cps.accounts.rules import AccountState
from cps.accounts.services.sessions import sign_out_everywhere
from cps.accounts.services.two_step import forget_two_step
from cps.core import audit
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.json_text import contains_json
from cps.core.many import change_rows
from cps.core.models import Job, OutboxFact


def delete_account(account_id: int, *, at: datetime) -> list[str]:
    """Delete an account in the running transaction; returns the keys of files to delete after it.

    Raises RuleViolation for staff, of whom an administrator takes the role first, and for an account that
    cannot be used: a blocked one is not to be made anew.
    """
    account = queries.lock_account(account_id)
    if account.is_staff:
        raise RuleViolation(
            _("You work for the city. An administrator must take your role away first; then you can leave.")
        )
    if account.state is not AccountState.ACTIVE:
        raise RuleViolation(_("This account cannot be used any more."))
    parting = Parting(account.id, account.display_name, _addresses(account), at)
    files = partings.forget_everywhere(parting)
    _forget_words_on_their_way(parting)
    _forget_proofs(account)
    sign_out_everywhere(account)
    forget_two_step(account)
    _empty(queries.lock_account(account_id))
    audit.record("delete-account", about=("account", account_id), by=account_id, at=at)
    db.session.flush()
    return files


def _addresses(account: Account) -> frozenset[str]:
    claim = queries.claim_by(account.id)
    return frozenset(filter(None, (account.email, account.phone, claim.phone if claim else "")))


def _forget_words_on_their_way(parting: Parting) -> None:
    """Empty facts and jobs that still hold an address: what they would tell has nobody to hear it."""
    for table in (OutboxFact, Job):
        for address in parting.addresses:
            change_rows(
                update(table)
                .where(table.done_at.is_(None), contains_json(table.payload, address))
                .values(done_at=parting.at, payload={})
            )


def _forget_proofs(account: Account) -> None:
    """Let proven addresses belong to nobody; their tags stay."""
    change_rows(update(Identity).where(Identity.account_id == account.id).values(account_id=None))
    change_rows(delete(PhoneClaim).where(PhoneClaim.account_id == account.id))


def _empty(account: Account) -> None:
    account.state = AccountState.DELETED
    account.email = account.phone = account.display_name = account.password_hash = account.language = ""
    account.email_verified_at = account.phone_verified_at = account.ward_id = account.signed_in_at = None
