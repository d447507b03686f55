"""What people type to get in, and about themselves."""

from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
)
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from cps.accounts.password_fields import check_password
from cps.accounts.passwords import SHORTEST_PASSWORD
from cps.accounts.phone_fields import is_mail_address, is_mail_or_phone, is_phone_number, normal_address
from cps.accounts.rules import LONGEST_NAME, CheckedHow, Grounds, ResetReason, read_code
from cps.accounts.wording import CHECKED_HOW, RESET_REASONS
from cps.core import city as cities
from cps.core import offline
from cps.core.email import normal_email
from cps.core.forms import Form, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.own_path import own_path
from cps.core.phone import normal_phone


class NextForm(Form):
    """A form that leads on to another page of this site."""

    next = HiddenField(filters=[own_path])


class AddressForm(NextForm):
    """One address of mail, or one phone number where the city sends text messages."""

    email = StringField(
        _l("E-mail or phone number"),
        [DataRequired(_l("Write your e-mail address or your phone number.")), is_mail_or_phone],
        filters=[tidy_line],
    )

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        if not offline.settings().sends_texts:
            self.email.label.text = _("E-mail address")

    @property
    def address(self) -> str:
        """The normal form of what was validated."""
        return normal_address(self.email.data or "")


class SignInForm(AddressForm):
    """Address and password, or the wish for a code."""

    password = PasswordField(_l("Password"))
    by_code = SubmitField(_l("Send me a code instead"))

    def validate_password(self, field: PasswordField) -> None:
        """Ask for the password unless a code is wanted."""
        if not self.by_code.data and not field.data:
            raise ValidationError(_("Write your password, or let us send you a code."))


class RegisterForm(AddressForm):
    """Address and, for who wants one, a password."""

    password = PasswordField(
        _l("Password"),
        description=_l(
            "%(least)s characters or more. Leave it empty, and we send you a code each time.",
            least=SHORTEST_PASSWORD,
        ),
    )

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that is guessed easily."""
        if field.data:
            check_password(field.data, email=self.email.data or "")


class PhoneForm(Form):
    """A number to be proven."""

    phone = StringField(
        _l("Phone number"),
        [DataRequired(_l("Write your phone number.")), is_phone_number],
        filters=[tidy_line],
    )

    @property
    def number(self) -> str:
        """The normal form of the validated number."""
        return normal_phone(self.phone.data or "", cities.get().country)


class EmailForm(Form):
    """An address of mail to be proven."""

    email = StringField(
        _l("E-mail address"),
        [DataRequired(_l("Write your e-mail address.")), is_mail_address],
        filters=[tidy_line],
    )

    @property
    def address(self) -> str:
        """The normal form of the validated address."""
        return normal_email(self.email.data or "")


class KnownNumberForm(Form):
    """Whose the account is that a number has already."""

    whose = RadioField(_l("Whose account is it?"), [DataRequired(_l("Choose one."))])

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        is_new = _("It is not mine: the number is new to me")
        self.whose.choices = [("mine", _("It is mine")), ("new", is_new)]


class OtherPasswordForm(Form):
    """The password of an account that a code has opened half way."""

    password = PasswordField(_l("Password"))


class IdentityForm(Form):
    """Which proven address, by its kind and its tag, which opens nothing."""

    kind = HiddenField(validators=[Regexp(r"[a-z-]{1,20}\Z")])
    tag = HiddenField(validators=[Regexp(r"[0-9a-f]{64}\Z")])


class CodeForm(Form):
    """The six digits of a mail or a text message."""

    code = StringField(_l("Code"), [DataRequired(_l("Write the six digits of the message."))])

    def validate_code(self, field: StringField) -> None:
        """Accept digits of every script, with or without spaces."""
        if read_code(field.data or "") is None:
            raise ValidationError(_("The code has six digits. Look at the newest message from us."))

    @property
    def digits(self) -> str:
        """The validated code as six digits 0–9."""
        return read_code(self.code.data or "") or ""


class SecondStepForm(Form):
    """A code of the app, or a recovery code."""

    code = StringField(_l("Code of your app"), [DataRequired(_l("Write the code that your app shows now."))])


class EnrolForm(Form):
    """The first code of an app; `secret` is what it was made with, sealed."""

    secret = HiddenField()
    code = StringField(_l("Code of your app"), [DataRequired(_l("Write the code that your app shows now."))])

    @property
    def digits(self) -> str:
        """The code as six digits 0–9; "" where it is something else."""
        return read_code(self.code.data or "") or ""


class ResetTwoStepForm(AddressForm):
    """Whose second step is turned off, why, and how it was made sure who asks."""

    reason = RadioField(_l("What happened?"), [DataRequired(_l("Choose one."))])
    checked = RadioField(_l("How do you know that it is them?"), [DataRequired(_l("Choose one."))])

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        self.email.label.text = _("Address or number of the account")
        self.reason.choices = [(key.value, name) for key, name in RESET_REASONS.items()]
        self.checked.choices = [(key.value, name) for key, name in CHECKED_HOW.items()]

    @property
    def grounds(self) -> Grounds:
        """The validated reason, and how it was checked."""
        return Grounds(ResetReason(self.reason.data), CheckedHow(self.checked.data))


class RecoveryFileForm(Form):
    """The recovery codes that the page has just shown, sealed."""

    codes = HiddenField()


class ConfirmForm(NextForm):
    """The password once more, before a grave act."""

    password = PasswordField(_l("Your password"))


class PasswordForm(NextForm):
    """A new password; the old one is asked for unless the person has just signed in."""

    current = PasswordField(_l("Your password now"))
    password = PasswordField(
        _l("New password"),
        [DataRequired(_l("Write a new password."))],
        description=_l(
            "%(least)s characters or more. Four words in a row are good.", least=SHORTEST_PASSWORD
        ),
    )

    def __init__(self, *, email: str, asks_current: bool, **kw: Any) -> None:
        super().__init__(**kw)
        self._email = email
        if not asks_current:
            del self.current

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that is guessed easily."""
        check_password(field.data or "", email=self._email)


class ProfileForm(Form):
    """How somebody is called, and their language."""

    display_name = StringField(
        _l("Name"),
        [Length(max=LONGEST_NAME, message=_l("Use %(most)s characters at most.", most=LONGEST_NAME))],
        filters=[tidy_line],
        description=_l("The people who work on your cases see it. It is never public."),
    )
    language = SelectField(_l("Language of pages and mails"))


class DeviceForm(Form):
    """Which signed-in device; the hash of its token, which opens nothing."""

    device = HiddenField(validators=[Regexp(r"[0-9a-f]{64}\Z")])


class SignOutForm(Form):
    """Signing out, here or everywhere."""

    everywhere = BooleanField()
