"""The forms of the steps of filing. What they hold is kept in the draft as typed, also when it is wrong."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from wtforms import (
    BooleanField,
    Field,
    FileField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, Length, StopValidation, ValidationError

from cps.accounts.phone_fields import is_mail_or_phone
from cps.cases.services.integrity import LONGEST_PERSON
from cps.cases.step_forms import StepForm, codes, read_position
from cps.core import offline
from cps.core.email import LONGEST_EMAIL
from cps.core.forms import (
    LONGEST_LINE,
    LONGEST_TEXT,
    TOO_LONG,
    Form,
    OnceForm,
    add_error,
    tidy_line,
    tidy_text,
)
from cps.core.i18n import current_language, localized
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.departments.questions import offers, question_fields

LONGEST_NAME = 120
PUBLIC, PRIVATE = "public", "private"
PRIVACIES: list[tuple[str, Any]] = [(PUBLIC, _l("Everybody")), (PRIVATE, _l("Only you and the city"))]
CHOOSE = _l("Choose what it is about. Open a group to see what is in it.")

_PAIR = re.compile(r"([+-]?\d{1,3}\.\d+)\s*[,;\s]\s*([+-]?\d{1,3}\.\d+)")


class PhotosForm(Form):
    """Photos from the camera and from the phone's store; both may hold several."""

    camera = MultipleFileField(_l("Take a photo"))
    photos = MultipleFileField(_l("Choose photos"))


class PlaceForm(StepForm):
    """Where it is: by coordinates, by words, or by both."""

    use_photo = BooleanField(_l("Use the place of the photo"))
    address = StringField(
        _l("Street or landmark"),
        description=_l("Example: bus stop in front of the clinic"),
        filters=[tidy_line],
        validators=[Length(max=LONGEST_LINE, message=TOO_LONG)],
    )
    ward = SelectField(_l("Ward"), validate_choice=False)
    lat = StringField(_l("Latitude"), filters=[tidy_line])
    lon = StringField(_l("Longitude"), filters=[tidy_line])

    position: tuple[float, float] | None = None
    """Latitude and longitude once the form is valid and has them."""

    def offer(self, wards: Iterable[tuple[str, str]]) -> None:
        """Offer these wards: (code, name)."""
        self.ward.choices = [("", _("I do not know")), *wards]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was typed; whether the place is in the city is asked afterwards."""
        valid = bool(super().validate(extra_validators))
        self._part_pair()
        self.position = read_position(self.lat, self.lon)
        told = self.address.data or self.lat.data or self.lon.data
        if not told:
            add_error(self.address, self._nothing_told())
        if self.ward.data and self.ward.data not in codes(self.ward):
            add_error(self.ward, _("Choose one of the wards in the list."))
        return valid and not self.errors

    def say_outside(self, city: str) -> None:
        """Say that the position is not in the city, and what to do."""
        message = _(
            "This place lies outside %(city)s, so the city cannot act there."
            " Choose another place, or leave the position out and write the street.",
            city=city,
        )
        add_error(self.lat, message)

    def _part_pair(self) -> None:
        """Part "36.0123, 129.5123", as maps copy it, into the two fields."""
        if found := _PAIR.fullmatch(self.lat.data or "") if not self.lon.data else None:
            self.lat.data, self.lon.data = found.groups()

    def _nothing_told(self) -> str:
        if self.ward.data:
            return _("The ward alone is large. Write the street or a landmark too.")
        return _("Say where it is: write the street or a landmark, or give the position.")


class WordsOrVoice:
    """Wants words of whoever has recorded none."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: "WordsForm", field: Field) -> None:
        """Raise StopValidation where there are neither words nor a voice note."""
        if not field.data and not form.has_voice:
            raise StopValidation(_("Write in a few words what is wrong."))


class WordsForm(StepForm):
    """What is wrong, and what kind of thing it is."""

    body = TextAreaField(
        _l("What is wrong?"),
        description=_l("A few words are enough. Please write no names and no phone numbers."),
        filters=[tidy_text],
        validators=[
            WordsOrVoice(),
            Length(max=LONGEST_TEXT, message=_l("This is longer than 10,000 characters. Please shorten it.")),
        ],
    )
    voice = FileField(
        _l("Or say it in a voice note"),
        description=_l(
            "Up to 3 MB. Only you, who helps you and the city hear it; staff write down what you say."
        ),
    )
    category = RadioField(
        _l("What is it about?"),
        filters=[tidy_line],
        validate_choice=False,
        validators=[DataRequired(CHOOSE)],
    )

    has_voice = False
    """Whether a voice note came with it or before; the view finds out."""

    category_is_offered = True
    """Whether the category that was sent can be chosen; the view finds out."""

    def validate_category(self, field: Field) -> None:
        """Take only a category on offer."""
        if field.data and not self.category_is_offered:
            field.data = ""
            raise ValidationError(CHOOSE)


class DetailsForm(StepForm):
    """The category's questions, who may read it, how to reach the reporter; made by `details_form`."""

    offered: ClassVar[dict[str, list[tuple[str, Any]]]] = {}
    """What fields with a list offer, by their names."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, choices in self.offered.items():
            self[name].choices = choices

    def validate_email(self, field: Field) -> None:
        """Take only an address that mail can be sent to, or a number that text messages reach."""
        if not field.data:
            return
        try:
            is_mail_or_phone(self, field)
        except ValidationError as bad:
            way_out = _("Correct it, or leave it empty.")
            raise ValidationError(f"{bad} {way_out}") from None


def details_form(category: KnownCategory, *, asks_contact: bool) -> type[DetailsForm]:
    """Return the form for a category: its questions, who may read it, and for visitors the contact.

    What concerns the city's staff is always private, so it is not asked there.
    """
    sends_texts = offline.settings().sends_texts
    named = _departments() if category.is_integrity else ()
    return _details_form(category, current_language(), sends_texts, named, asks_contact=asks_contact)


def _departments() -> tuple[tuple[str, str], ...]:
    """Return the departments that a complaint about staff can name: (code, name)."""
    known = departments.catalogue().departments.values()
    return tuple((one.code, localized(one.name)) for one in known if one.is_active)


@lru_cache(maxsize=500)
def _details_form(
    category: KnownCategory,
    _language: str,
    _sends_texts: bool,
    named: tuple[tuple[str, str], ...],
    *,
    asks_contact: bool,
) -> type[DetailsForm]:
    fields = question_fields(category.questions)
    offered: dict[str, list[tuple[str, Any]]] = offers(category.questions)
    if category.is_integrity:
        fields |= _about_fields([code for code, _name in named])
        offered["about_department"] = [("", _l("I do not know, or several")), *named]
    else:
        fields["privacy"] = _privacy_field()
        offered["privacy"] = PRIVACIES
    contact = _contact_fields() if asks_contact else {}
    return type("DetailsOfCategory", (DetailsForm,), {**fields, **contact, "offered": offered})


def common_details_form() -> type[DetailsForm]:
    """Return the form of what is asked in every category: who may read it, and the contact."""
    fields = {"privacy": _privacy_field(), **_contact_fields(), "offered": {"privacy": PRIVACIES}}
    return type("CommonDetails", (DetailsForm,), fields)


def _privacy_field() -> RadioField:
    return RadioField(_l("Who may read it?"), validators=[DataRequired(_l("Choose who may read it."))])


def _about_fields(codes: Sequence[str]) -> dict[str, Any]:
    return {
        "about_department": SelectField(
            _l("Department it is about"),
            description=_l("Nobody who works there ever sees your report."),
            filters=[tidy_line],
            validate_choice=False,
            validators=[AnyOf(["", None, *codes], message=_l("Choose a department from the list."))],
        ),
        "about_person": StringField(
            _l("Person it is about"),
            description=_l(
                "A name, if you know it. An integrity officer of this name does not see your report."
            ),
            filters=[tidy_line],
            validators=[Length(max=LONGEST_PERSON, message=TOO_LONG)],
        ),
    }


def _contact_fields() -> dict[str, Any]:
    return {
        "email": StringField(
            _l("E-mail or phone number") if offline.settings().sends_texts else _l("E-mail"),
            description=_l("We write to you when something happens. Nobody else sees it."),
            filters=[tidy_line],
            validators=[Length(max=LONGEST_EMAIL, message=TOO_LONG)],
        ),
        "name": StringField(
            _l("Your name"),
            description=_l("Only the officers who work on it see it."),
            filters=[tidy_line],
            validators=[Length(max=LONGEST_NAME, message=TOO_LONG)],
        ),
    }


class SendForm(OnceForm):
    """The button that sends; `website` is a trap that people do not see."""

    website = StringField(_l("Leave this empty"), filters=[tidy_line])
