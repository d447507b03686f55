"""The code by which a caller proposes: whose account it is, where the code goes, what it is good for."""

from datetime import datetime, timedelta

from flask import g
from flask_login import current_user

from cps.accounts import queries as accounts
from cps.accounts import services as identities
from cps.accounts.models import Account
from cps.accounts.rules import proving
from cps.contact.propose_forms import ConfirmForm, ProposeForm
from cps.contact.services import Wish
from cps.contact.views.base import trace_look
from cps.core import clock, sms_budget, tries
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.limits import Limit
from cps.core.outbox import Fact
from cps.core.phone import is_phone
from cps.core.sms_budget import SmsPurpose

LOOKED_UP = Limit("propose-for", 120, timedelta(hours=1))
OF_AGENT = Limit("propose-of", 60, timedelta(hours=1))
TO_ADDRESS = Limit("propose-to", 5, timedelta(hours=1))


def author_of(form: ProposeForm) -> Account:
    """Return whose account the number or address is; raises RuleViolation where it is nobody's, and TooMany.

    That an agent asked is counted, and leaves a row that the person reads.
    """
    tries.count(LOOKED_UP, f"account {current_user.id}")
    account = accounts.account_by_address(form.account_address)
    if account is None or not account.is_active:
        raise RuleViolation(
            _(
                "Nobody has an account with this number or e-mail. Each person counts once, so a proposal"
                " needs one: by text message, on the site, or at a counter."
            )
        )
    trace_look(account.id, clock.now())
    return account


def send_code(form: ProposeForm, wish: Wish, author: Account) -> None:
    """Send the code by which the caller shows that the account is theirs, and agrees; raises TooMany."""
    address, at = form.account_address, clock.now()
    tries.count(OF_AGENT, f"account {current_user.id}")
    tries.count(TO_ADDRESS, address)
    mail = mail_for(address, author)
    if not mail:
        sms_budget.take(SmsPurpose.CODE, address, city=g.city, at=at)
    with transaction():
        identities.new_code(
            proving(address),
            address,
            asked_by=_asked_by(form, wish, author),
            language=author.language or form.language.data,
            at=at,
            sent_to=mail,
            fact=Fact.PROPOSAL_CODE_WANTED,
            title=wish.title,
        )


def is_right(form: ConfirmForm, wish: Wish, author: Account, at: datetime) -> bool:
    """Use up the code, in the running transaction, which is to be committed also when it was wrong."""
    address = form.account_address
    asked_by = _asked_by(form, wish, author)
    return identities.check_code(proving(address), address, form.digits, asked_by=asked_by, at=at)


def mail_for(address: str, account: Account) -> str:
    """Return to which address of mail the code goes; "" where by text message.

    Numbers get new owners: as for who signs in, a text message alone speaks for no account that has more.
    """
    if not is_phone(address):
        return address
    return account.email if account.email_verified_at is not None else ""


def _asked_by(form: ProposeForm, wish: Wish, author: Account) -> str:
    """Return the key of this agent's form and of what stands in it: for that alone the code is good."""
    return f"propose:{current_user.id}:{form.form_key.data}:{wish.mark(author)}"
