"""Fields that take an address of mail or a phone number, and what is said of those that cannot be used."""

from wtforms import Field
from wtforms.validators import ValidationError

from cps.core import city as cities
from cps.core import offline, sms_budget
from cps.core.email import BadAddress, normal_email
from cps.core.errors import RuleViolation
from cps.core.forms import Form
from cps.core.i18n import gettext as _
from cps.core.phone import BadPhone, PhoneFault, example_phone, is_phone, looks_like_phone, normal_phone


def normal_address(text: str) -> str:
    """Return the one form of an address of mail or of a phone number; raises BadAddress or BadPhone."""
    if offline.settings().sends_texts and looks_like_phone(text):
        return normal_phone(text, cities.get().country)
    return normal_email(text)


def is_mail_or_phone(_form: Form, field: Field) -> None:
    """Validator: an address of mail, or a number that text messages of this city reach."""
    try:
        address = normal_address(field.data or "")
        if is_phone(address):
            sms_budget.refuse_country(address, sms_budget.settings_of(cities.get()))
    except BadAddress:
        raise ValidationError(_how_to_write()) from None
    except BadPhone as bad:
        is_unclear = bad.fault is PhoneFault.NOT_A_NUMBER
        raise ValidationError(_how_to_write() if is_unclear else phone_words(bad.fault)) from None
    except RuleViolation as refused:
        raise ValidationError(refused.message) from None


def is_mail_address(_form: Form, field: Field) -> None:
    """Validator: an address of mail."""
    try:
        normal_email(field.data or "")
    except BadAddress:
        raise ValidationError(_("Write an address like name@example.org.")) from None


def is_phone_number(_form: Form, field: Field) -> None:
    """Validator: a number that text messages of this city reach."""
    try:
        phone = normal_phone(field.data or "", cities.get().country)
        sms_budget.refuse_country(phone, sms_budget.settings_of(cities.get()))
    except BadPhone as bad:
        raise ValidationError(phone_words(bad.fault)) from None
    except RuleViolation as refused:
        raise ValidationError(refused.message) from None


def phone_words(fault: PhoneFault) -> str:
    """Return what a page says of a number that cannot be used."""
    if fault is PhoneFault.EXTENSION:
        return _("Write the number without an extension: no text message reaches one.")
    if fault is PhoneFault.NOT_A_MOBILE:
        return _("No text message reaches this number. Write a mobile number.")
    return _("Write a mobile number like %(number)s.", number=example_phone(cities.get().country))


def _how_to_write() -> str:
    if not offline.settings().sends_texts:
        return _("Write an address like name@example.org.")
    return _(
        "Write an address like name@example.org, or a mobile number like %(number)s.",
        number=example_phone(cities.get().country),
    )
