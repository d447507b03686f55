"""At the counter: a document that is not of the register, seen by a clerk."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from cps.accounts import queries as accounts
from cps.accounts.models import Account, Identity
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
    tag = queries.document_tag(seen)
    mark = accounts.lock_identity(seen.kind, tag)
    if mark is not None and mark.account_id is not None:
        raise Refused(CounterFault.KNOWN if mark.account_id == account.id else CounterFault.TAKEN)
    try:
        with db.session.begin_nested():
            if mark is None:
                mark = Identity(kind=seen.kind, tag=tag)
                db.session.add(mark)
            mark.account_id, mark.verified_at = account.id, at
    except IntegrityError:
        raise Refused(CounterFault.TAKEN) from None
    changes = {"identity": [None, seen.kind.value], "looked_at": [None, list(LOOKED_AT)]}
    audit.record("verify-identity", about=("account", account.id), by=by.id, at=at, changes=changes)
    audit.record_access("identity-verified", by=by.id, at=at, subject_id=account.id)
    db.session.flush()
