"""The forms of agents. What is known of the call travels along in each of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wtforms import BooleanField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import DateTimeLocalInput, HiddenInput

from cps.cases.about_staff_fields import AboutStaffFields
from cps.cases.rules import Channel
from cps.cases.wording import CHANNELS
from cps.contact.rules import AGENT_CHANNELS, Call, Ending
from cps.contact.wording import CHOSEN_ENDINGS, ENDINGS
from cps.core import city as cities
from cps.core.forms import LONGEST_LINE, TOO_LONG, OnceForm, VersionedForm, add_error, tidy_line, tidy_text
from cps.core.i18n import OWN_NAMES, PSEUDO, current_language, html_language, localized, zone
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.phone import LONGEST_TYPED, BadPhone, PhoneFault, any_phone, example_phone

LONGEST_NOTE = 2_000
LONGEST_CALL = 80
MOMENT = "%Y-%m-%dT%H:%M"
SPOKEN = {code: name for code, name in OWN_NAMES.items() if code not in PSEUDO}
"""The languages that callers may speak, by their own names."""


def line(label: Any, *, longest: int = LONGEST_LINE, hint: Any = "", **more: Any) -> StringField:
    """Return a field of one line that may be left empty."""
    checks = [Length(max=longest, message=TOO_LONG)]
    return StringField(label, filters=[tidy_line], validators=checks, description=hint, **more)


def note(label: Any, hint: Any = "") -> TextAreaField:
    """Return a field for some words that may be left empty."""
    checks = [Length(max=LONGEST_NOTE, message=TOO_LONG)]
    return TextAreaField(label, filters=[tidy_text], validators=checks, description=hint)


def moment(label: Any, hint: Any = "") -> StringField:
    """Return a field for a day and a time in the city's zone."""
    return StringField(label, filters=[tidy_line], widget=DateTimeLocalInput(), description=hint)


def read_moment(field: Field) -> datetime | None:
    """Return the moment that was typed; None where nothing was, or where it is none, which the field says."""
    if not field.data:
        return None
    try:
        return datetime.strptime(field.data[:16], MOMENT).replace(tzinfo=zone())
    except ValueError:
        add_error(field, _("Write day and time like 2026-03-31 14:30."))
        return None


def is_callable_number(_form: Any, field: Field) -> None:
    """Validator: a number somebody can be called on, or nothing; it is kept in its one form."""
    if not field.data:
        return
    try:
        field.data = any_phone(field.data, cities.get().country)
    except BadPhone as bad:
        if bad.fault is PhoneFault.EXTENSION:
            raise ValidationError(_("Write the number without an extension.")) from None
        example = example_phone(cities.get().country)
        raise ValidationError(
            _("This is no phone number. Write it like %(number)s, or leave it empty.", number=example)
        ) from None


class CallForm(OnceForm):
    """What is known of the call: who calls, on which way, in which language, since when."""

    phone = StringField(
        _l("Phone number"),
        filters=[tidy_line],
        validators=[Length(max=LONGEST_TYPED, message=TOO_LONG), is_callable_number],
        description=_l("Empty for somebody without one."),
    )
    name = line(_l("Name"), longest=120)
    caller = StringField(widget=HiddenInput(), filters=[tidy_line])
    call = StringField(widget=HiddenInput(), filters=[tidy_line])
    waited = StringField(widget=HiddenInput(), filters=[tidy_line])
    channel = SelectField(_l("Way"), default=Channel.PHONE.value)
    language = SelectField(_l("Language of the caller"))
    received = moment(
        _l("It came earlier"), _l("A letter, or a call noted on paper. The promised time runs from then.")
    )
    late_reason = line(_l("Why it is entered later"))
    code = SelectField(_l("What it was about"), default="")

    received_at: datetime | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.channel.choices = [(one.value, str(CHANNELS[one])) for one in AGENT_CHANNELS]
        self.language.choices = [(code, SPOKEN[code]) for code in _languages()]
        self.language.data = self.language.data or html_language(current_language())
        self.code.choices = [("", _("Not chosen"))]

    def offer_codes(self, codes: Iterable[Any]) -> None:
        """Offer these words for what the contact was about."""
        self.code.choices = [("", _("Not chosen")), *((one.code, localized(one.name)) for one in codes)]

    def validate(self, *arguments: Any, **options: Any) -> bool:
        """Check everything; a time that was typed needs its reason."""
        valid = super().validate(*arguments, **options)
        self.received_at = read_moment(self.received)
        if self.received_at is not None and not self.late_reason.data:
            add_error(self.late_reason, _("Say why it is entered later than it came."))
        return valid and not self.errors

    def as_call(self) -> Call:
        """Return the call of a valid form."""
        return Call(
            channel=Channel(self.channel.data),
            language=self.language.data,
            phone=self.phone.data or "",
            name=self.name.data or "",
            caller_id=number_of(self.caller.data),
            call_ref=(self.call.data or "")[:LONGEST_CALL],
            waited_seconds=number_of(self.waited.data),
            received_at=self.received_at,
            late_reason=self.late_reason.data or "",
        )


def number_of(text: str | None) -> int | None:
    """Return a number of a few digits that a page or the telephone system sent; None for all else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 9 else None


def _languages() -> list[str]:
    """Return the languages that callers may speak: the city's first, then all others we know a name of."""
    return list(dict.fromkeys([*(one for one in cities.get().languages if one in SPOKEN), *SPOKEN]))


class EndForm(CallForm):
    """What came of a contact of which nothing else says it."""

    ending = RadioField(_l("What came of it"), validators=[DataRequired(_l("Choose what came of it."))])
    department = SelectField(_l("Put through to"), validate_choice=False)
    note = note(_l("Note"), _l("Agents read it when this person calls again. No health, no opinions."))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ending.choices = [(one.value, str(ENDINGS[one])) for one in CHOSEN_ENDINGS]

    def offer_departments(self, departments: Iterable[tuple[str, str]]) -> None:
        """Offer these departments: (code, name)."""
        self.department.choices = [("", _("Choose a department")), *departments]

    def validate(self, *arguments: Any, **options: Any) -> bool:
        """Check that who was put through was put through to somebody."""
        valid = super().validate(*arguments, **options)
        offered = {choice[0] for choice in self.department.choices or [] if choice[0]}
        if self.ending.data == Ending.HANDED_OVER.value and self.department.data not in offered:
            add_error(self.department, _("Choose the department."))
        return valid and not self.errors


class PromiseForm(CallForm):
    """A promise to call somebody back."""

    due = moment(_l("Call by"))
    about = note(_l("About what"), _l("So that whoever calls knows it."))
    waits = BooleanField(_l("As soon as the city has answered the case"))
    department = SelectField(_l("Who calls"), validate_choice=False)

    due_at: datetime | None = None

    def offer_departments(self, departments: Iterable[tuple[str, str]]) -> None:
        """Offer to let these departments call: (code, name)."""
        self.department.choices = [("", _("We, the agents")), *departments]

    def validate(self, *arguments: Any, **options: Any) -> bool:
        """Check that there is a number and a time."""
        valid = super().validate(*arguments, **options)
        if not self.phone.data:
            add_error(self.phone, _("Write the number that we shall call."))
        self.due_at = read_moment(self.due)
        if self.due_at is None and not self.due.errors:
            add_error(self.due, _("Say by when we call."))
        return valid and not self.errors


class CallBackForm(VersionedForm):
    """One act on a call back."""

    note = note(_l("Note"))
    due = moment(_l("Call at"))
    department = SelectField(_l("To"), validate_choice=False)


class ProveForm(OnceForm):
    """What a caller tells to show that a private case is theirs."""

    pin = line(_l("PIN"), longest=20, render_kw={"data-key": "p"})
    name = line(_l("Whole name"), longest=120)
    email = line(_l("E-mail"))
    place = line(_l("Street or landmark, as it was reported"))
    day = line(_l("Day on which it was reported"), longest=20)


class ReasonForm(OnceForm):
    """A reason for a step against abuse, or for looking at one."""

    reason = note(_l("What was said, and what you answered"))


class NameForm(OnceForm):
    """The name of a caller, corrected."""

    name = line(_l("Name"), longest=120, id="caller-name")


class CodeForm(OnceForm):
    """A word for what contacts are about."""

    code = line(_l("Short name"), longest=40, hint=_l("Small letters and hyphens, such as waste-days"))
    name = line(_l("What agents read"), longest=80)
    is_active = BooleanField(_l("Offered to agents"), default=True)


class AboutStaffForm(AboutStaffFields, OnceForm):
    """Hand a case that a caller tells more of to the integrity officers."""
