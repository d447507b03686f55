"""What staff type in: a form that was filled in on paper, a chat that was copied."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, ValidationError

from cps.accounts.phone_fields import is_mail_or_phone
from cps.cases import reference as references
from cps.cases.reference import NotAReference, Why
from cps.core.email import LONGEST_EMAIL
from cps.core.forms import LONGEST_LINE, LONGEST_TEXT, TOO_LONG, OnceForm, tidy_line, tidy_text
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l

LONGEST_NAME = 120
PUBLIC, PRIVATE = "public", "private"
WHY_NOT = {
    Why.NOT_DIGITS: _l("A number has only digits, like 2611-9839-1264."),
    Why.WRONG_LENGTH: _l("A number has twelve digits, like 2611-9839-1264. Please compare."),
    Why.MISTYPED: _l("One digit is wrong. Please compare it with the form."),
}


class EntryForm(OnceForm):
    """What somebody wrote elsewhere, as the member of staff types it in."""

    body = TextAreaField(
        _l("What is wrong?"),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Write what stands there.")),
            Length(max=LONGEST_TEXT, message=_l("This is longer than 10,000 characters. Please shorten it.")),
        ],
    )
    category = SelectField(_l("What is it about?"), validate_choice=False)
    address = StringField(
        _l("Street or landmark"), filters=[tidy_line], validators=[Length(max=LONGEST_LINE, message=TOO_LONG)]
    )
    ward = SelectField(_l("Ward"), validate_choice=False)
    privacy = RadioField(
        _l("Who may read it?"),
        validators=[InputRequired(_l("Choose who may read it."))],
    )
    name = StringField(
        _l("Name"), filters=[tidy_line], validators=[Length(max=LONGEST_NAME, message=TOO_LONG)]
    )
    contact = StringField(
        _l("E-mail or phone number"),
        filters=[tidy_line],
        validators=[Optional(), Length(max=LONGEST_EMAIL, message=TOO_LONG), is_mail_or_phone],
    )
    language = SelectField(_l("Language"), validate_choice=False)
    received = DateField(
        _l("On which day did the city get it?"),
        validators=[DataRequired(_l("Write the day on which the city got it."))],
    )

    today: date | None = None
    """The city's day; later ones are refused."""

    def offer(
        self,
        categories: dict[Any, Any],
        wards: Iterable[tuple[str, str]],
        languages: Iterable[str],
        today: date,
    ) -> None:
        """Offer these categories in groups, wards (code, name) and languages, and days until today."""
        self.category.choices = {"": [("", _("Not known: let it be sorted"))], **categories}
        self.ward.choices = [("", _("Not known")), *wards]
        self.language.choices = [(code, OWN_NAMES.get(code, code)) for code in languages]
        self.privacy.choices = [(PUBLIC, _("Everybody")), (PRIVATE, _("Only the reporter and the city"))]
        self.today = today

    def validate_received(self, field: DateField) -> None:
        """Refuse a day to come."""
        if field.data and self.today and field.data > self.today:
            raise ValidationError(_("This day is still to come."))

    def validate_language(self, field: SelectField) -> None:
        """Refuse a language that the city does not speak."""
        if field.data not in [choice[0] for choice in self.language.choices or ()]:
            raise ValidationError(_("Choose one of the languages in the list."))

    def validate_ward(self, field: SelectField) -> None:
        """Refuse a ward that there is not."""
        if field.data and field.data not in [choice[0] for choice in self.ward.choices or ()]:
            raise ValidationError(_("Choose one of the wards in the list."))


class PaperEntryForm(EntryForm):
    """The same of a form on paper, with the number that stands on it."""

    reference = StringField(
        _l("Number on the form"),
        description=_l("Leave it empty where the form has none."),
        filters=[tidy_line],
        validators=[Optional(), Length(max=60, message=TOO_LONG)],
    )

    def validate_reference(self, field: StringField) -> None:
        """Refuse what cannot be a number."""
        try:
            field.data = references.display(references.parse(field.data or ""))
        except NotAReference as bad:
            raise ValidationError(str(WHY_NOT[bad.reason])) from None


class PastedForm(EntryForm):
    """The same of a chat: what the resident said, taken out of it."""

    conversation = HiddenField()


class ConversationForm(OnceForm):
    """A chat as it was copied."""

    conversation = TextAreaField(
        _l("The conversation"),
        description=_l("Copy it out of the chat program as it is, with names and times."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Paste the conversation.")),
            Length(max=LONGEST_TEXT, message=_l("This is longer than 10,000 characters. Please shorten it.")),
        ],
    )


class AttachedForm(OnceForm):
    """Which file of a complaint about staff is to be opened, and why."""

    file = RadioField(_l("File"), validate_choice=False)
    reason = StringField(
        _l("Why do you need it?"),
        description=_l("It is recorded with your name. Both people who may look read it."),
        filters=[tidy_line],
        validators=[
            DataRequired(_l("Say why you need it. Both people who may look read the reason.")),
            Length(max=LONGEST_NAME, message=TOO_LONG),
        ],
    )

    def offer(self, files: list[tuple[str, str]]) -> None:
        """Offer these files, the only one chosen already."""
        self.file.choices = files
        if len(files) == 1:
            self.file.data = files[0][0]
        self.file.validators = [AnyOf([key for key, _name in files], message=_l("Choose a file."))]
