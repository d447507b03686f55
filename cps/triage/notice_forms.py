"""Forms of notices. Titles and texts have a field for each language of the city, the first one required."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from wtforms import (
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from cps.cases.rules import Outcome, Status
from cps.cases.services import Closing
from cps.cases.wording import status_look
from cps.core.forms import SHORTEN, OnceForm, VersionField, tidy_line, tidy_text
from cps.core.i18n import OWN_NAMES, current_language
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.notices.rules import (
    LARGEST_RADIUS,
    LONGEST_TEXT,
    LONGEST_TITLE,
    SMALLEST_RADIUS,
    Circle,
    KnownNotice,
    NoticeSpec,
)
from cps.wards.coordinates import BadCoordinate, parse_latitude, parse_longitude

KEEP, ENDS = "", "end"
OUTCOMES = (Outcome.FIXED, Outcome.ANSWERED, Outcome.NOT_OURS, Outcome.CANNOT_BE_DONE)
LONGEST_REASON = 300


class WardsField(SelectMultipleField):
    """Several wards, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NoticeForm(OnceForm):
    """What a notice says, where and until when; made by `notice_form` for the languages of the city."""

    languages: ClassVar[tuple[str, ...]] = ()

    version = VersionField(validators=[Optional()])
    category = SelectField(_l("Category"), validate_choice=False)
    wards = WardsField(_l("Wards"), description=_l("None ticked: the whole city."))
    lat = StringField(_l("Latitude"), filters=[tidy_line])
    lon = StringField(_l("Longitude"), filters=[tidy_line])
    radius = IntegerField(
        _l("Metres around it"),
        validators=[
            Optional(),
            NumberRange(SMALLEST_RADIUS, LARGEST_RADIUS, message=_l("Choose 50 to 50,000 metres.")),
        ],
    )
    starts = DateTimeLocalField(_l("From"), description=_l("Empty: from now on."), validators=[Optional()])
    ends = DateTimeLocalField(
        _l("Until"), validators=[InputRequired(_l("Say until when it stands. You can change it later."))]
    )

    circle: Circle | None = None
    """The circle once the form is valid and has one."""

    def offer(self, wards: Sequence[tuple[str, str]], categories: dict[str, list[tuple[str, str]]]) -> None:
        """Offer these wards and categories: (code, name)."""
        self.wards.choices = list(wards)
        ungrouped = [("", _("Everything")), *categories.get("", [])]
        self.category.choices = {"": ungrouped, **{name: group for name, group in categories.items() if name}}

    def validate(self, *args: Any, **more: Any) -> bool:
        """Check what was typed; a place needs both numbers and its radius, or none of them."""
        valid = super().validate(*args, **more)
        self.circle = self._circle() if valid else None
        return valid and not self.errors

    def validate_category(self, field: SelectField) -> None:
        """Take only a category on offer."""
        offered: Any = field.choices or {}
        codes = {code for group in offered.values() for code, _name in group}
        if field.data not in codes:
            raise ValidationError(_("Choose a category from the list."))

    def _circle(self) -> Circle | None:
        if not (self.lat.data or self.lon.data):
            return None
        try:
            lat, lon = parse_latitude(self.lat.data or ""), parse_longitude(self.lon.data or "")
        except BadCoordinate:
            self.lat.errors = [_("A position has two numbers, like 36.0123 and 129.5123.")]
            return None
        if self.radius.data is None:
            self.radius.errors = [_("Say how many metres around the place it concerns.")]
            return None
        return Circle(lat, lon, self.radius.data)

    def spec(
        self, *, zone: ZoneInfo, at: datetime, category_id: int | None, department_id: int | None
    ) -> NoticeSpec:
        """Return what a valid form asks for; local times are of the city's zone."""
        return NoticeSpec(
            title=self._texts("title"),
            text=self._texts("text"),
            say=self._texts("say"),
            starts_at=_aware(self.starts.data, zone) or at,
            ends_at=_aware(self.ends.data, zone) or at,
            ward_codes=tuple(self.wards.data or ()),
            circle=self.circle,
            category_id=category_id,
            department_id=department_id,
        )

    def fill(self, notice: KnownNotice, category: str, zone: ZoneInfo) -> None:
        """Show what a notice says now."""
        for name in ("title", "text", "say"):
            for language in self.languages:
                self[f"{name}_{language}"].data = getattr(notice, name).get(language, "")
        self.version.data = notice.version
        self.category.data = category
        self.wards.data = list(notice.ward_codes)
        if notice.circle is not None:
            self.lat.data, self.lon.data = str(notice.circle.lat), str(notice.circle.lon)
            self.radius.data = notice.circle.radius_m
        self.starts.data = _local(notice.starts_at, zone)
        self.ends.data = _local(notice.ends_at, zone)

    def _texts(self, name: str) -> dict[str, str]:
        texts = {language: str(self[f"{name}_{language}"].data or "") for language in self.languages}
        return {language: text for language, text in texts.items() if text}


def _aware(local: datetime | None, zone: ZoneInfo) -> datetime | None:
    return local.replace(tzinfo=zone) if local is not None else None


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)


def notice_form(languages: Sequence[str], default: str) -> type[NoticeForm]:
    """Return the form for a city that speaks these languages; its default one comes first."""
    ordered = (default, *(code for code in languages if code != default))
    return _notice_form(ordered, current_language())


@lru_cache(maxsize=32)
def _notice_form(languages: tuple[str, ...], _language: str) -> type[NoticeForm]:
    fields: dict[str, Any] = {"languages": languages}
    for number, language in enumerate(languages):
        fields |= _texts_in(language, is_first=number == 0, is_only=len(languages) == 1)
    return type("NoticeFormOfCity", (NoticeForm,), fields)


def _texts_in(language: str, *, is_first: bool, is_only: bool) -> dict[str, Any]:
    def named(label: Any) -> Any:
        return (
            label
            if is_only
            else _("%(what)s (%(language)s)", what=label, language=OWN_NAMES.get(language, language))
        )

    needed = [DataRequired(_l("Write in a few words what the city knows."))] if is_first else []
    title = Length(max=LONGEST_TITLE, message=SHORTEN)
    text = Length(max=LONGEST_TEXT, message=SHORTEN)
    return {
        f"title_{language}": StringField(
            named(_("What the city knows")), filters=[tidy_line], validators=[*needed, title]
        ),
        f"text_{language}": TextAreaField(
            named(_("What to know about it")), filters=[tidy_text], validators=[text]
        ),
        f"say_{language}": TextAreaField(
            named(_("What staff say to people who ask")),
            description=_("Only staff read it."),
            filters=[tidy_text],
            validators=[text],
        ),
    }


class EndsForm(OnceForm):
    """Another end of a notice."""

    version = VersionField(validators=[Optional()])
    ends = DateTimeLocalField(_l("Until"), validators=[InputRequired(_l("Say until when it stands."))])

    def until(self, zone: ZoneInfo) -> datetime | None:
        """Return the moment that was chosen."""
        return _aware(self.ends.data, zone)


class UpdateForm(OnceForm):
    """Something new about a notice, which answers every case under it; made by `update_form`."""

    languages: ClassVar[tuple[str, ...]] = ()

    closes = RadioField(_l("And the reports under it"), default=KEEP, validate_choice=False)
    why_no_photo = StringField(
        _l("Why there is no photo of the work"),
        description=_l("Repairs that are called fixed need one or the other."),
        filters=[tidy_line],
        validators=[Length(max=LONGEST_REASON, message=SHORTEN)],
    )
    also = RadioField(_l("And the notice"), default=KEEP, validate_choice=False)

    def offer(self) -> None:
        """Offer to leave the cases open, or every way in which complaints end."""
        self.closes.choices = [
            (KEEP, _("Stay open")),
            *((o.value, _("Close them: %(how)s", how=status_look(Status.CLOSED, o).word)) for o in OUTCOMES),
        ]
        self.closes.validators = [AnyOf([KEEP, *OUTCOMES], message=_("Choose one of these."))]
        self.also.choices = [(KEEP, _("Goes on")), (ENDS, _("Is over now"))]
        self.also.validators = [AnyOf([KEEP, ENDS], message=_("Choose one of these."))]

    def closing(self) -> Closing | None:
        """Return how the cases are closed; None where they stay open."""
        if not self.closes.data:
            return None
        return Closing(Outcome(self.closes.data), self.why_no_photo.data or "")

    def texts(self) -> dict[str, str]:
        """Return what was written, by language."""
        texts = {language: str(self[f"text_{language}"].data or "") for language in self.languages}
        return {language: text for language, text in texts.items() if text}


def update_form(languages: Sequence[str], default: str) -> type[UpdateForm]:
    """Return the form for a city that speaks these languages; its default one comes first."""
    ordered = (default, *(code for code in languages if code != default))
    return _update_form(ordered, current_language())


@lru_cache(maxsize=32)
def _update_form(languages: tuple[str, ...], _language: str) -> type[UpdateForm]:
    fields: dict[str, Any] = {"languages": languages}
    for number, language in enumerate(languages):
        label = _("What is new")
        if len(languages) > 1:
            name = OWN_NAMES.get(language, language)
            label = _("%(what)s (%(language)s)", what=label, language=name)
        needed = [DataRequired(_l("Write what is new."))] if number == 0 else []
        fields[f"text_{language}"] = TextAreaField(
            label, filters=[tidy_text], validators=[*needed, Length(max=LONGEST_TEXT, message=SHORTEN)]
        )
    return type("UpdateFormOfCity", (UpdateForm,), fields)
