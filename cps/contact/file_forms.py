"""The form by which an agent files a complaint for a caller: the same questions, on one page."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, ClassVar

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from cps.accounts.phone_fields import is_mail_address
from cps.cases.step_forms import codes, read_position
from cps.contact.forms import CallForm, line
from cps.core.email import LONGEST_EMAIL
from cps.core.forms import LONGEST_TEXT, add_error, tidy_line, tidy_text
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments.catalogue import KnownCategory
from cps.departments.choices import by_group
from cps.departments.questions import offers, question_fields

PUBLIC, PRIVATE = "public", "private"


class FileForm(CallForm):
    """Everything that is asked of whoever files, and how the caller is reached."""

    body = TextAreaField(
        _l("What is wrong?"),
        description=_l("In the caller’s words, without names and numbers."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Write in a few words what is wrong.")),
            Length(max=LONGEST_TEXT, message=_l("This is longer than 10,000 characters. Please shorten it.")),
        ],
    )
    category = SelectField(_l("What is it about?"), validate_choice=False)
    address = line(_l("Street or landmark"))
    ward = SelectField(_l("Ward"), validate_choice=False)
    lat = StringField(_l("Latitude"), filters=[tidy_line])
    lon = StringField(_l("Longitude"), filters=[tidy_line])
    privacy = RadioField(_l("Who may read it?"), default=PUBLIC)
    email = line(_l("E-mail"), longest=LONGEST_EMAIL)

    offered: ClassVar[dict[str, list[tuple[str, Any]]]] = {}
    position: tuple[float, float] | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.privacy.choices = [(PUBLIC, _("Everybody")), (PRIVATE, _("Only the caller and the city"))]
        for name, choices in self.offered.items():
            self[name].choices = choices

    def offer(self, categories: Iterable[KnownCategory], wards: Iterable[tuple[str, str]]) -> None:
        """Offer these categories, in their groups, and wards as (code, name)."""
        groups = by_group(categories, others=_("Something else"))
        self.category.choices = {"": [("", _("Choose a category"))], **groups}
        self.ward.choices = [("", _("Not known")), *wards]

    def validate(self, *arguments: Any, **options: Any) -> bool:
        """Check what was typed; whether the place is in the city is asked afterwards."""
        valid = super().validate(*arguments, **options)
        self.position = read_position(self.lat, self.lon)
        if not (self.address.data or self.lat.data or self.lon.data):
            add_error(self.address, _("Ask where it is: write the street or a landmark."))
        if self.ward.data and self.ward.data not in codes(self.ward):
            add_error(self.ward, _("Choose one of the wards in the list."))
        return valid and not self.errors

    def validate_email(self, field: Any) -> None:
        """Take only an address that mail can be sent to, or nothing."""
        if field.data:
            is_mail_address(self, field)


def file_form(category: KnownCategory | None) -> type[FileForm]:
    """Return the form with the questions of a category."""
    return FileForm if category is None else _with_questions(category, current_language())


@lru_cache(maxsize=300)
def _with_questions(category: KnownCategory, _language: str) -> type[FileForm]:
    fields: dict[str, Any] = question_fields(category.questions)
    return type("FileOfCategory", (FileForm,), {**fields, "offered": offers(category.questions)})
