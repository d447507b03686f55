"""Forms that people use on a case."""

from wtforms import (
    DateField,
    HiddenField,
    MultipleFileField,
    SearchField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, ValidationError

from cps.cases.reference import parse_pin
from cps.cases.rules.asking import Tapped
from cps.core.forms import LONGEST_TEXT, TOO_LONG, Form, OnceForm, tidy_line, tidy_text
from cps.core.i18n import lazy_gettext as _l

FOUR_DIGITS = _l("Enter the four digits of your PIN.")


class PinForm(Form):
    """The four digits of the last page."""

    pin = StringField(
        _l("PIN"),
        description=_l("The four digits you got when you sent the report."),
        filters=[tidy_line],
        validators=[DataRequired(FOUR_DIGITS)],
    )

    def validate_pin(self, field: StringField) -> None:
        """Refuse what is no PIN before it costs one of the tries."""
        if parse_pin(field.data or "") is None:
            raise ValidationError(FOUR_DIGITS)


class ReplyForm(OnceForm):
    """The reporter's reply to the city: an answer that was tapped, or words, with photos.

    `question` is the one that was seen, `choice` the place of the answer whose button was pressed.
    """

    question = HiddenField()
    choice = StringField(_l("Your answer"))
    message = TextAreaField(
        _l("Your message to the city"),
        description=_l("Only you and the city can read it."),
        filters=[tidy_text],
        validators=[Length(max=LONGEST_TEXT, message=TOO_LONG)],
    )
    photos = MultipleFileField(_l("Photos"))

    @property
    def tapped(self) -> Tapped | None:
        """What was tapped; None where something was only written."""
        if not self.choice.data:
            return None
        return Tapped(_number(self.question.data), _number(self.choice.data))


def _number(typed: str | None) -> int:
    """Return a number of our own page; -1, which stands for nothing, for anything else."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 19 else -1


class NotFixedForm(OnceForm):
    """Why the reporter says that it is not fixed."""

    message = TextAreaField(
        _l("What is still wrong?"),
        description=_l("Everybody can read this in the story of the case."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Say in a few words what is still wrong.")),
            Length(max=LONGEST_TEXT, message=TOO_LONG),
        ],
    )


class FilterForm(Form):
    """The filters of a public list; they stand in the address."""

    q = SearchField(_l("Words or place"), filters=[tidy_line])
    state = SelectField(_l("State"), validate_choice=False)
    category = SelectField(_l("Category"), validate_choice=False)
    ward = SelectField(_l("Ward"), validate_choice=False)
    department = SelectField(_l("Department"), validate_choice=False)
    photo = SelectField(_l("Photo"), validate_choice=False)
    late = SelectField(_l("Promise"), validate_choice=False)
    closed = SelectField(_l("Closed"), validate_choice=False)
    since = DateField(_l("Received from"))
    until = DateField(_l("Received until"))
