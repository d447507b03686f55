"""Forms that people use on a case."""

from wtforms import DateField, MultipleFileField, SearchField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from cps.core.forms import LONGEST_TEXT, Form, OnceForm, tidy_line, tidy_text
from cps.core.i18n import lazy_gettext as _l


class PinForm(Form):
    """The four digits of the last page."""

    pin = StringField(
        _l("PIN"),
        description=_l("The four digits you got when you sent the report."),
        filters=[tidy_line],
        validators=[DataRequired(_l("Enter the four digits of your PIN.")), Length(max=20)],
    )


class ReplyForm(OnceForm):
    """The reporter's reply to the city, with photos."""

    message = TextAreaField(
        _l("Your message to the city"),
        description=_l("Only you and the city can read it."),
        filters=[tidy_text],
        validators=[Length(max=LONGEST_TEXT, message=_l("That is too long; %(max)d letters at most."))],
    )
    photos = MultipleFileField(_l("Photos"))


class NotFixedForm(OnceForm):
    """Why the reporter says that it is not fixed."""

    message = TextAreaField(
        _l("What is still wrong?"),
        description=_l("Everybody can read this in the story of the case."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Say in a few words what is still wrong.")),
            Length(max=LONGEST_TEXT, message=_l("That is too long; %(max)d letters at most.")),
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
