"""What administrators type while a poll is open and after its close."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from cps.core import city
from cps.core.forms import VersionedForm, tidy_text
from cps.core.i18n import lazy_gettext as _l
from cps.polls.forms.fields import LONGEST_REASON, DayField, Given, MinuteField, WholeField, moment


def _public_words(label: Any) -> TextAreaField:
    return TextAreaField(
        label,
        [
            DataRequired(_l("Say why, in words that everybody can read.")),
            Length(max=LONGEST_REASON, message=_l("That is too long; %(max)d letters at most.")),
        ],
        filters=[tidy_text],
    )


class ReasonForm(VersionedForm):
    """An act with words that everybody can read."""

    reason = _public_words(_l("Reason, for everybody to read"))


class IncidentForm(VersionedForm):
    """What went wrong."""

    reason = _public_words(_l("What happened, for everybody to read"))


class ExtendForm(ReasonForm):
    """A later end, in the city's time."""

    closes_on = DayField(_l("Closes on"), [DataRequired(_l("Write the new date."))])
    closes_time = MinuteField(_l("Closes at"), [Optional()])

    closes_at: datetime
    """The new end, once the form is right."""

    def validate(self, *args: Any, **more: Any) -> bool:
        """Read the new end."""
        is_right = super().validate(*args, **more)
        found = moment(self.closes_on, self.closes_time, city.get().zone)
        if found is not None:
            self.closes_at = found
        return is_right and found is not None


@lru_cache(maxsize=100)
def draw_form(codes: tuple[str, ...]) -> Any:
    """Return the form for a public draw: for each option as which it was drawn."""
    within = NumberRange(1, len(codes), message=_l("Each number from 1 on, once."))
    fields: dict[str, Any] = {f"drawn_{code}": WholeField(code, [Given(), within]) for code in codes}
    return type("DrawForm", (VersionedForm,), fields)


def drawn(form: Any, codes: Sequence[str]) -> list[str]:
    """Return the options in the order in which they were drawn; equal numbers leave it wrong, as typed."""
    places: Mapping[str, int] = {code: form[f"drawn_{code}"].data for code in codes}
    if len(set(places.values())) < len(places):
        return []
    return sorted(places, key=lambda code: places[code])
