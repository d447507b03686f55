"""Forms of suspensions of work; the reason has a field for each language of the city, the first required."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from wtforms import DateField, RadioField, TextAreaField, TimeField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional

from cps.core.forms import OnceForm, add_error, tidy_text
from cps.core.i18n import OWN_NAMES, current_language
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments.models import WorkSuspension
from cps.departments.specs import SuspensionSpec

LONGEST_REASON = 500
MIDNIGHT = time(0)
_DAY = timedelta(days=1)
_ONE_TIME = _l("Give both times, or none for whole days.")


class SuspensionForm(OnceForm):
    """From when until when, days or hours, and why; made by `suspension_form` for a city's languages."""

    languages: ClassVar[tuple[str, ...]] = ()

    first_day = DateField(_l("First day"), validators=[InputRequired(_l("Choose the first day."))])
    last_day = DateField(_l("Last day"), description=_l("Empty: the same day."), validators=[Optional()])
    starts = TimeField(
        _l("From"),
        description=_l("Only for hours: leave both times empty for whole days."),
        validators=[Optional()],
    )
    ends = TimeField(_l("Until"), validators=[Optional()])

    def validate(self, *args: Any, **more: Any) -> bool:
        """Check what was typed: both times or none, and an end after the beginning."""
        if not super().validate(*args, **more):
            return False
        if (self.starts.data is None) != (self.ends.data is None):
            add_error(self.starts, str(_ONE_TIME))
            return False
        if not self.form_key.data:
            self.form_key.data = type(self)(formdata=None).form_key.data
            self.form_errors.append(_("The page was not complete. Please send it again."))
            return False
        return True

    @property
    def key(self) -> str:
        """What makes pressing twice one entry; a valid form has it."""
        return str(self.form_key.data)

    def spec(self, zone: ZoneInfo) -> SuspensionSpec:
        """Return what a valid form asks for; days and times are those of the city's zone."""
        first: date = self.first_day.data or date.min
        last: date = self.last_day.data or first
        if self.starts.data is None or self.ends.data is None:
            starts, ends = _moment(first, MIDNIGHT, zone), _moment(last + _DAY, MIDNIGHT, zone)
        else:
            starts, ends = _moment(first, self.starts.data, zone), _moment(last, self.ends.data, zone)
        return SuspensionSpec(starts, ends, self._reason(), whole_days=self.starts.data is None)

    def _reason(self) -> dict[str, str]:
        texts = {language: str(self[f"reason_{language}"].data or "") for language in self.languages}
        return {language: text for language, text in texts.items() if text}


class CorrectionForm(SuspensionForm):
    """What stands in place of an entry: other times, or none at all."""

    instead = RadioField(
        _l("What is right?"),
        validate_choice=False,
        validators=[AnyOf(["none", "times"], message=_l("Choose one of these."))],
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.instead.choices = [
            ("none", _("There was no suspension")),
            ("times", _("It was at other times")),
        ]

    def fill(self, wrong: WorkSuspension, zone: ZoneInfo) -> None:
        """Show the times of the entry that is corrected."""
        starts, ends = wrong.starts_at.astimezone(zone), wrong.ends_at.astimezone(zone)
        self.first_day.data = starts.date()
        self.last_day.data = (ends - _DAY if wrong.whole_days and ends > starts else ends).date()
        if not wrong.whole_days:
            self.starts.data, self.ends.data = starts.time(), ends.time()

    def correction(self, wrong: WorkSuspension, zone: ZoneInfo) -> SuspensionSpec:
        """Return what a valid form asks for."""
        if self.instead.data == "none":
            return SuspensionSpec(
                wrong.starts_at, wrong.starts_at, self._reason(), whole_days=wrong.whole_days
            )
        return self.spec(zone)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone)


def suspension_form(languages: Sequence[str], default: str) -> type[SuspensionForm]:
    """Return the form for a city that speaks these languages; its default one comes first."""
    return _made(SuspensionForm, _ordered(languages, default), current_language())


def correction_form(languages: Sequence[str], default: str) -> type[CorrectionForm]:
    """Return the form of a correction, likewise."""
    return _made(CorrectionForm, _ordered(languages, default), current_language())


def _ordered(languages: Sequence[str], default: str) -> tuple[str, ...]:
    return (default, *(code for code in languages if code != default))


@lru_cache(maxsize=64)
def _made(base: type[SuspensionForm], languages: tuple[str, ...], _language: str) -> type[SuspensionForm]:
    fields: dict[str, Any] = {"languages": languages}
    for number, language in enumerate(languages):
        label = _("Reason")
        if len(languages) > 1:
            label = _("%(what)s (%(language)s)", what=label, language=OWN_NAMES.get(language, language))
        needed = [DataRequired(_l("Say why. Everybody will read it."))] if number == 0 else []
        most = Length(max=LONGEST_REASON, message=_l("That is too long; %(max)d letters at most."))
        fields[f"reason_{language}"] = TextAreaField(label, filters=[tidy_text], validators=[*needed, most])
    return type(f"{base.__name__}OfCity", (base,), fields)
