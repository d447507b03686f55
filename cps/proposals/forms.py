"""The forms of residents' pages of proposals. What steps of writing hold is kept in the draft as typed."""

from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    MultipleFileField,
    RadioField,
    SearchField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length

from cps.cases.step_forms import StepForm, codes, read_position
from cps.core.forms import (
    LONGEST_LINE,
    LONGEST_TEXT,
    Form,
    OnceForm,
    add_error,
    tidy_line,
    tidy_text,
)
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.proposals.rules import Stance
from cps.proposals.rules.lengths import LONGEST_COMMENT
from cps.proposals.words_fields import WordsFields

CITY, PLACE = "city", "place"
TOO_LONG = _l("That is too long; %(max)d letters at most.")


class FilterForm(Form):
    """What narrows a list of proposals; it stands in the address."""

    q = SearchField(_l("Words or number"), filters=[tidy_line])
    category = SelectField(_l("About"), validate_choice=False)
    ward = SelectField(_l("Ward"), validate_choice=False)
    department = SelectField(_l("Department"), validate_choice=False)
    late = SelectField(_l("Promise"), validate_choice=False)


class WordsForm(WordsFields, StepForm):
    """What is proposed, and why."""


class ReviseForm(WordsForm, OnceForm):
    """The words anew, while nobody else supports them."""

    shows_author = BooleanField(_l("Show my name beside it"))


class PlaceForm(StepForm):
    """Where it is for, what it is about, and pictures."""

    category = RadioField(
        _l("What is it about?"),
        filters=[tidy_line],
        validate_choice=False,
        validators=[DataRequired(_l("Choose what the proposal is about."))],
    )
    area = RadioField(
        _l("Where is it for?"),
        default=CITY,
        validators=[DataRequired(_l("Choose where it is for."))],
    )
    address = StringField(
        _l("Street or landmark"),
        filters=[tidy_line],
        validators=[Length(max=LONGEST_LINE, message=TOO_LONG)],
    )
    ward = SelectField(_l("Ward"), validate_choice=False)
    lat = StringField(_l("Latitude"), filters=[tidy_line])
    lon = StringField(_l("Longitude"), filters=[tidy_line])
    photos = MultipleFileField(_l("Pictures"))

    position: tuple[float, float] | None = None
    """Latitude and longitude once the form is valid and has them."""

    def offer(self, categories: Iterable[tuple[str, str]], wards: Iterable[tuple[str, str]]) -> None:
        """Offer these categories and wards: (code, name)."""
        self.area.choices = [(CITY, _("The whole city")), (PLACE, _("One place or ward"))]
        self.category.choices = list(categories)
        self.ward.choices = [("", _("I do not know")), *wards]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was typed; of the whole city no place is asked."""
        valid = bool(super().validate(extra_validators))
        if self.category.data and self.category.data not in codes(self.category):
            add_error(self.category, _("Choose what the proposal is about."))
        if self.area.data == PLACE:
            self._validate_place()
        return valid and not self.errors

    def _validate_place(self) -> None:
        if self.ward.data and self.ward.data not in codes(self.ward):
            add_error(self.ward, _("Choose one of the wards in the list."))
        self.position = read_position(self.lat, self.lon)
        if not (self.address.data or self.ward.data or self.lat.data or self.lon.data):
            add_error(self.address, _("Say where: write the street, choose the ward, or use the map."))

    def say_outside(self, city: str) -> None:
        """Say that the position is not in the city, and what to do."""
        message = _("This place lies outside %(city)s. Choose another one, or leave it out.", city=city)
        add_error(self.lat, message)


class SendForm(OnceForm):
    """The button that proposes."""

    shows_author = BooleanField(_l("Show my name beside it"))


class AddForm(OnceForm):
    """What the author adds when the words stand."""

    message = TextAreaField(
        _l("What do you want to add?"),
        description=_l("It appears below your first words, with today’s date. Those who follow are told."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Write what you want to add.")),
            Length(max=LONGEST_TEXT, message=TOO_LONG),
        ],
    )


class WithdrawForm(OnceForm):
    """Why the author takes the proposal back."""

    reason = TextAreaField(
        _l("Why do you take it back?"),
        description=_l("Everybody reads it, first those who supported it."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Say in a few words why you take it back.")),
            Length(max=LONGEST_TEXT, message=TOO_LONG),
        ],
    )


class CommentForm(OnceForm):
    """Something said about a proposal."""

    stance = RadioField(_l("Is it for, against, a question?"), default=Stance.REMARK.value)
    body = TextAreaField(
        _l("What do you want to say?"),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Write what you want to say.")),
            Length(max=LONGEST_COMMENT, message=_l("A comment has at most 2,000 letters.")),
        ],
    )
    shows_name = BooleanField(_l("Show my name beside it"))


class ReplyForm(OnceForm):
    """A reply to a comment."""

    body = TextAreaField(
        _l("Your reply"),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Write what you want to say.")),
            Length(max=LONGEST_COMMENT, message=_l("A comment has at most 2,000 letters.")),
        ],
    )
    shows_name = BooleanField(_l("Show my name beside it"))
