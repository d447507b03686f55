"""Registering somebody who stands at the counter: an account, who they are, what they agreed to."""

from datetime import datetime

from cps.accounts import services as identities
from cps.accounts.models import Account
from cps.accounts.rules import IdentityKind
from cps.cases.rules import Channel
from cps.contact.rules import CONSENT, Call, Ending, Newcomer
from cps.contact.services.contacts import Came, record
from cps.core import audit
from cps.core.errors import AlreadyDone
from cps.core.i18n import gettext as _
from cps.helpers import services as helpers
from cps.residents import services as residents
from cps.residents.rules import CounterFault, Seen


def register(newcomer: Newcomer, *, by: Account, at: datetime) -> tuple[Account, str]:
    """Make the account of somebody who has shown a paper, proven the address and agreed to what was read.

    Returns the account and, where a helper was wished, the code for them; it is shown only now. Of the paper
    a keyed tag is kept. Audit, access log and the contacts have a row each. Raises Refused or Unreadable
    for the paper, AlreadyDone for an address that has an account, and changes nothing then.
    """
    account = identities.create_account(
        newcomer.address, at=at, name=newcomer.name, language=newcomer.language, by=by.id
    )
    _identify(account, newcomer, by=by, at=at)
    code = ""
    if newcomer.helper is not None:
        code = helpers.name_by_code(account, newcomer.helper, at=at, clerk=by)
    consent = {"consent": [None, CONSENT], "read_in": [None, newcomer.language]}
    audit.record("register-at-counter", about=("account", account.id), by=by.id, at=at, changes=consent)
    audit.record_access("registered", by=by.id, at=at, subject_id=account.id)
    call = Call(channel=Channel.COUNTER, language=newcomer.language)
    record(call, Came(Ending.ANSWERED, is_nameless=True), by=by, at=at)
    return account, code


def _identify(account: Account, newcomer: Newcomer, *, by: Account, at: datetime) -> None:
    paper = newcomer.paper
    try:
        if paper.kind is IdentityKind.REGISTER and paper.born_on is not None:
            residents.verify(account, paper.number, paper.born_on, ward_id=paper.ward_id, by=by, at=at)
        else:
            seen = Seen(paper.kind, number=paper.number, name=newcomer.name, born_on=paper.born_on)
            residents.verify_document(account, seen, by=by, at=at)
    except residents.Refused as refused:
        if refused.fault is CounterFault.TAKEN:
            raise AlreadyDone(
                _(
                    "This person has an account already, and signs in to it with the address or number that"
                    " they gave then. An administrator helps if they cannot."
                )
            ) from None
        raise
