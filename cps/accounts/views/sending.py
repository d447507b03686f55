"""Where a code for an address or number goes, and whether it may be sent now.

Numbers get new owners. A text message alone therefore opens no account that has another proof of who it is: a
password is asked besides, or the code goes to the account's address of mail.
"""

from enum import StrEnum

from flask import flash

from cps.accounts import queries
from cps.accounts.rules import CodePurpose
from cps.accounts.views import limiting
from cps.core import city as cities
from cps.core import clock, sms_budget
from cps.core.i18n import gettext as _
from cps.core.phone import is_phone
from cps.core.sms_budget import BudgetSpent, SmsPurpose

NOBODY = ""


class Goes(StrEnum):
    """Where a code goes, as far as a page may say it without telling whether there is an account."""

    MAIL = "mail"
    TEXT = "text"
    TEXT_UNLESS_MAIL_ALONE = "text-unless-mail-alone"
    MAIL_ELSE_TEXT = "mail-else-text"

    @classmethod
    def of(cls, purpose: CodePurpose, address: str, *, number_only: bool = False) -> "Goes":
        """Return what a page says of a code for a normal address."""
        if not is_phone(address):
            return cls.MAIL
        if purpose is CodePurpose.RESET_PASSWORD:
            return cls.MAIL_ELSE_TEXT
        return cls.TEXT if number_only else cls.TEXT_UNLESS_MAIL_ALONE


def count_sending(address: str) -> None:
    """Count a code to be sent to a normal address or number; raises TooMany."""
    limiting.count(limiting.SMS if is_phone(address) else limiting.MAIL, address)


def take_budget(phone: str) -> None:
    """Count a code in the budget of text messages; raises BudgetSpent."""
    sms_budget.take(SmsPurpose.CODE, phone, city=cities.get(), at=clock.now())


def where_to(purpose: CodePurpose, address: str, *, number_only: bool = False) -> str:
    """Return where a code for a normal address goes; "" is nobody.

    What shows that an account is one's own goes to its address of mail where it has one and no password; a
    new password always does. With `number_only` nothing but the number is proven. Where no text message can
    be paid, it goes to that address, or to nobody. Known and unknown numbers are answered alike.

    Raises BudgetSpent where only the number itself would do.
    """
    if not is_phone(address):
        return address
    own_mail = _own_mail(address)
    try:
        take_budget(address)  # also for what goes by mail, so that known and unknown are answered alike
    except BudgetSpent:
        if purpose not in {CodePurpose.SIGN_IN, CodePurpose.RESET_PASSWORD}:
            raise
        flash(
            _("We cannot send text messages now. If your account has an e-mail address, the code is there."),
            "info",
        )
        return own_mail
    if purpose is CodePurpose.RESET_PASSWORD:
        return own_mail or address
    return address if number_only else queries.mail_instead_of(address) or address


def _own_mail(phone: str) -> str:
    account = queries.account_by_address(phone)
    return account.email if account is not None and account.email_verified_at is not None else NOBODY
