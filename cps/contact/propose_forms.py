"""The forms by which an agent proposes something for a caller: what everybody is asked, then a code."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, ValidationError

from cps.accounts.phone_fields import is_mail_address
from cps.accounts.rules import read_code
from cps.cases.step_forms import codes
from cps.contact.forms import CallForm, line
from cps.core.email import LONGEST_EMAIL, normal_email
from cps.core.forms import add_error, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.phone import takes_texts
from cps.proposals.words_fields import WordsFields


class ProposeForm(CallForm, WordsFields):
    """What is proposed, where it is for, and by which number or address the caller has an account."""

    category = SelectField(
        _l("What is it about?"),
        validate_choice=False,
        validators=[DataRequired(_l("Choose what the proposal is about."))],
    )
    address = line(_l("Street or landmark"))
    ward = SelectField(_l("Ward"), validate_choice=False)
    email = line(_l("E-mail"), longest=LONGEST_EMAIL, hint=_l("Of the account, where no text message comes."))
    shows_author = BooleanField(_l("The caller’s name may stand beside it"))

    def offer(self, categories: Iterable[tuple[str, str]], wards: Iterable[tuple[str, str]]) -> None:
        """Offer these categories and wards: (code, name)."""
        self.category.choices = [("", _("Choose a subject")), *categories]
        self.ward.choices = [("", _("The whole city")), *wards]

    def validate(self, *arguments: Any, **options: Any) -> bool:
        """Check what was typed; a code must reach the caller."""
        valid = super().validate(*arguments, **options)
        for field, message in (
            (self.category, _("Choose what the proposal is about.")),
            (self.ward, _("Choose one of the wards in the list.")),
        ):
            if field.data and field.data not in codes(field):
                add_error(field, message)
        if not self.errors and not self.account_address:
            add_error(self.phone, _("Ask for the mobile number, or the e-mail, of the caller’s account."))
        return valid and not self.errors

    def validate_email(self, field: Any) -> None:
        """Take only an address that mail can be sent to, or nothing."""
        if field.data:
            is_mail_address(self, field)

    @property
    def account_address(self) -> str:
        """Where the code goes: the e-mail that was typed, else a number that takes text messages, else ""."""
        if self.email.data:
            return normal_email(self.email.data)
        return self.phone.data if self.phone.data and takes_texts(self.phone.data) else ""


class ConfirmForm(ProposeForm):
    """The same once it was read back: the caller agrees by reading the code of their message."""

    confirmation = StringField(
        _l("The code from the message"),
        [DataRequired(_l("Let the caller read the code from their message."))],
        filters=[tidy_line],
    )

    def validate_confirmation(self, field: StringField) -> None:
        """Refuse what is no code."""
        if read_code(field.data or "") is None:
            raise ValidationError(_("The code has six digits."))

    @property
    def digits(self) -> str:
        """The validated code as six digits 0–9."""
        return read_code(self.confirmation.data or "") or ""
