"""Naming a helper, and saying yes to being one."""

from typing import Any

from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import AnyOf, DataRequired, Length, Optional, ValidationError

from cps.accounts.phone_fields import is_mail_or_phone, normal_address
from cps.accounts.rules import LONGEST_NAME
from cps.core.crockford import grouped
from cps.core.forms import TOO_LONG, OnceForm, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.helpers.rules import HelperScope, read_code
from cps.helpers.wording import SCOPES


class NameForm(OnceForm):
    """Whom somebody wants as a helper: the owner of an address, or whoever gets the code."""

    scope = RadioField(
        _l("What may your helper see?"),
        default=HelperScope.FILED.value,
        validators=[AnyOf(list(HelperScope), message=_l("Choose one."))],
    )
    address = StringField(
        _l("E-mail or phone number of your helper"),
        filters=[tidy_line],
        description=_l("Leave it empty to get a code that you give to your helper yourself."),
        validators=[Optional(), is_mail_or_phone],
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.scope.choices = [(scope.value, words) for scope, words in SCOPES.items()]

    @property
    def normal(self) -> str:
        """The validated address in its one form, or ""."""
        return normal_address(self.address.data) if self.address.data else ""


class AcceptForm(OnceForm):
    """How the helper is called, and the code they were given; or whose wish they answer."""

    asked = HiddenField()
    code = StringField(_l("Code"), filters=[tidy_line])
    name = StringField(
        _l("Your name"),
        filters=[tidy_line],
        description=_l("The person you help and the city see it."),
        validators=[
            DataRequired(_l("Write your name.")),
            Length(max=LONGEST_NAME, message=TOO_LONG),
        ],
    )

    def validate_code(self, field: StringField) -> None:
        """Accept twelve signs as people copy them, where no wish is answered."""
        if self.asked_id is not None:
            return
        code = read_code(field.data or "")
        if code is None:
            raise ValidationError(_("The code has twelve letters and digits, like K7QF-9XTM-P2JD."))
        self.read_code = code
        field.data = grouped(code)

    @property
    def asked_id(self) -> int | None:
        """Whose wish is answered, None where a code is typed."""
        typed = self.asked.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None
