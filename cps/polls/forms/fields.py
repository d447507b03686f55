"""Fields of the forms for polls: whole numbers, moments in the city's time, texts in every language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from wtforms import DateField, Field, IntegerField, RadioField, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, Length, Optional, StopValidation

from cps.core.forms import LONGEST_LINE, Form, add_error, tidy_line, tidy_text
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l

LONGEST_REASON = 2_000
"""Letters of a reason that everybody can read."""


class Given:
    """Validator: a number was written, also 0 unless the message says otherwise."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, message: Any = "") -> None:
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop where there is none; what is wrong with it is said already."""
        if field.data is None:
            raise StopValidation("" if field.errors else str(self.message or _("Write a number, also 0.")))


class OneOf(RadioField):
    """One value of an enum, with its words."""

    def __init__(self, label: Any, words: Mapping[Any, Any], **options: Any) -> None:
        super().__init__(label, **options)
        self.invalid_choice_message = _l("Choose one of these.")
        self.choices = [(value.value, shown) for value, shown in words.items()]


class WholeField(IntegerField):
    """A whole number, as people write large ones: spaces and commas between thousands do not matter."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; raises ValueError with a sentence."""
        typed = "".join(sign for sign in (valuelist or [""])[0] if not sign.isspace() and sign not in ",_'’")
        self.data = None
        if typed and not (typed.isascii() and typed.isdecimal() and len(typed) <= 18):
            raise ValueError(_("Write a whole number, such as 1200."))
        self.data = int(typed) if typed else None


class DayField(DateField):
    """A date, as the browser's calendar or a hand writes it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; raises ValueError with a sentence."""
        try:
            super().process_formdata([one.strip() for one in valuelist])
        except ValueError:
            raise ValueError(_("Write the date like 2026-05-17.")) from None


class MinuteField(TimeField):
    """A time of day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time; raises ValueError with a sentence."""
        try:
            super().process_formdata([one.strip() for one in valuelist])
        except ValueError:
            raise ValueError(_("Write the time like 09:30.")) from None


def moment(day: DayField, minute: MinuteField, zone: ZoneInfo) -> datetime | None:
    """Return the moment that two fields name in the city's zone; None for two empty ones or a wrong one.

    A time that the change of clocks leaves out, or half a moment, is marked at its field.
    """
    if day.errors or minute.errors or (day.data is None and minute.data is None):
        return None
    if day.data is None or minute.data is None:
        add_error(day if day.data is None else minute, _("Give both the date and the time."))
        return None
    local = datetime.combine(day.data, minute.data, zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        add_error(minute, _("The clocks change that night: this time does not exist."))
        return None
    return local.astimezone(UTC)


def on_clock(at: datetime | None, zone: ZoneInfo) -> tuple[date | None, time | None]:
    """Return what the two fields of a moment show."""
    local = at.astimezone(zone) if at else None
    return (local.date(), local.time().replace(second=0, microsecond=0)) if local else (None, None)


@dataclass(frozen=True)
class Text:
    """A text that is written in every language of the city; `needed` in the first of them."""

    name: str
    label: Any
    longest: int = LONGEST_LINE
    is_long: bool = False
    needed: bool = False


@lru_cache(maxsize=100)
def in_languages(form: type[Form], languages: tuple[str, ...], *texts: Text) -> Any:
    """Return the form with a field for each text and language, named `question_en`."""
    fields = {
        f"{text.name}_{code}": _text_field(text, needed=text.needed and code == languages[0])
        for text in texts
        for code in languages
    }
    return type(form.__name__, (form,), fields)


def _text_field(text: Text, *, needed: bool) -> Any:
    long = Length(max=text.longest, message=_l("That is too long; %(max)d letters at most."))
    must = [DataRequired(_l("Write this text."))] if needed else [Optional()]
    if text.is_long:
        return TextAreaField(text.label, [*must, long], filters=[tidy_text])
    return StringField(text.label, [*must, long], filters=[tidy_line])


def texts_in(form: Form, name: str, languages: Iterable[str]) -> dict[str, str]:
    """Return `{language: text}` of a text, empty ones left out."""
    found = {code: form[f"{name}_{code}"].data or "" for code in languages}
    return {code: text for code, text in found.items() if text}


def filled(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return what the fields of a text begin with."""
    return {f"{name}_{code}": text for code, text in texts.items()}
