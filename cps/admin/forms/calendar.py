"""The forms of the working calendar: the week, and the days on which the city is closed."""

import re
import zlib
from collections.abc import Sequence
from datetime import date, time
from functools import lru_cache
from typing import Any, ClassVar

from wtforms import DateField, Field, StringField, SubmitField
from wtforms.validators import InputRequired

from cps.admin.forms.base import RuleForm, text_fields, texts_of
from cps.admin.forms.routing import WEEKDAYS
from cps.core.errors import RuleViolation
from cps.core.forms import add_error, tidy_line
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments.models import OpeningHours
from cps.departments.specs import Stretch, check_week

LONGEST_NAME = 120
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})", re.ASCII)


class NotHours(ValueError):
    """The text is no list of hours such as 09:00-12:00, 13:00-18:00."""


def read_hours(weekday: int, written: str) -> list[Stretch]:
    """Return the working time of a day from its text, empty for a closed one; raises NotHours."""
    stretches = []
    for part in written.split(",") if written.strip() else ():
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            raise NotHours(part)
        first, minute, last, end = (int(number) for number in found.groups())
        try:
            stretches.append(Stretch(weekday, time(first, minute), time(last, end)))
        except ValueError:
            raise NotHours(part) from None
    return stretches


def written_hours(week: Sequence[OpeningHours | Stretch], weekday: int) -> str:
    """Return the working time of a day as it is typed."""
    return ", ".join(f"{one.opens:%H:%M}-{one.closes:%H:%M}" for one in week if one.weekday == weekday)


def version_of(week: Sequence[OpeningHours | Stretch]) -> int:
    """Return a number for the working hours as they stand: two weeks that differ have two."""
    return zlib.crc32(";".join(written_hours(week, day) for day in range(7)).encode())


class WeekForm(RuleForm):
    """A line for each day of the week; empty when the city does not work."""

    day_0 = StringField(WEEKDAYS[0][1], filters=[tidy_line])
    day_1 = StringField(WEEKDAYS[1][1], filters=[tidy_line])
    day_2 = StringField(WEEKDAYS[2][1], filters=[tidy_line])
    day_3 = StringField(WEEKDAYS[3][1], filters=[tidy_line])
    day_4 = StringField(WEEKDAYS[4][1], filters=[tidy_line])
    day_5 = StringField(WEEKDAYS[5][1], filters=[tidy_line])
    day_6 = StringField(WEEKDAYS[6][1], filters=[tidy_line])
    look = SubmitField(_l("Look at it"))

    @property
    def days(self) -> list[Field]:
        """The fields of the seven days."""
        return [self[f"day_{day}"] for day in range(7)]

    def validate(self, *args: Any, **more: Any) -> bool:
        """Return whether every day can be read, and the city works at some time."""
        right = super().validate(*args, **more)
        for field in self.days:
            try:
                read_hours(0, str(field.data or ""))
            except NotHours:
                add_error(field, _("Write hours like 09:00-12:00, 13:00-18:00, or leave it empty."))
                right = False
        if right:
            try:
                check_week(self.week)
            except RuleViolation as refused:
                self.form_errors.append(refused.message)
                return False
        return right

    @property
    def week(self) -> list[Stretch]:
        """What a form with readable days asks for."""
        return [one for day in range(7) for one in read_hours(day, str(self[f"day_{day}"].data or ""))]

    def show(self, week: Sequence[OpeningHours]) -> None:
        """Show the week as it stands."""
        self.version.data = version_of(week)
        for day, field in enumerate(self.days):
            field.data = written_hours(week, day)


class HolidayForm(RuleForm):
    """A day on which the city is closed, with its name; made by `holiday_form` for a city's languages."""

    languages: ClassVar[tuple[str, ...]] = ()

    day = DateField(_l("Day"), validators=[InputRequired(_l("Choose the day."))])

    @property
    def chosen(self) -> tuple[date, dict[str, str]]:
        """What a valid form asks for."""
        return self.day.data or date.min, texts_of(self, "name", self.languages)


def holiday_form(languages: Sequence[str]) -> type[HolidayForm]:
    """Return the form for a city that speaks these languages, its own first."""
    return _made(tuple(languages), current_language())


@lru_cache(maxsize=64)
def _made(languages: tuple[str, ...], _language: str) -> type[HolidayForm]:
    missing = _l("Say which holiday it is.")
    fields = {
        "languages": languages,
        **text_fields("name", _("Name of the day"), languages, most=LONGEST_NAME, missing=missing),
    }
    return type("HolidayFormOfCity", (HolidayForm,), fields)
