"""At the counter: a document that is not of the register, seen by a clerk."""

from datetime import datetime

from cps.accounts import services as identities
from cps.accounts.models import Account
from cps.core import audit
from cps.core.db import db
from cps.residents import queries
from cps.residents.rules import LOOKED_AT, CounterFault, Seen
from cps.residents.services.counter import Refused


def verify_document(account: Account, seen: Seen, *, by: Account, at: datetime) -> None:
    """Give an account, locked, the identity of a document that a clerk has looked at.

    Only a keyed tag of it is kept, which belongs to one account. It makes nobody one of the register, and
    counts in no poll. Leaves an audit row and a row the person can see. Raises Refused, and Unreadable.
    """
    if account.id == by.id:
        raise Refused(CounterFault.OWN_ACCOUNT)
    holder, is_new = identities.take_mark(seen.kind, queries.document_tag(seen), account, at=at)
    if not is_new:
        raise Refused(CounterFault.KNOWN if holder == account.id else CounterFault.TAKEN)
    changes = {"identity": [None, seen.kind.value], "looked_at": [None, list(LOOKED_AT)]}
    audit.record("verify-identity", about=("account", account.id), by=by.id, at=at, changes=changes)
    audit.record_access("identity-verified", by=by.id, at=at, subject_id=account.id)
    db.session.flush()
