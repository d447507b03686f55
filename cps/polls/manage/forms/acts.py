"""What administrators type while a poll is open and after its close."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from cps.core import city
from cps.core.forms import VersionedForm, add_error, tidy_text
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.polls.forms.fields import LONGEST_REASON, DayField, Given, MinuteField, WholeField, moment


def _public_words(label: Any, missing: Any) -> TextAreaField:
    return TextAreaField(
        label,
        [
            DataRequired(missing),
            Length(max=LONGEST_REASON, message=_l("That is too long; %(max)d letters at most.")),
        ],
        filters=[tidy_text],
    )


class ReasonForm(VersionedForm):
    """An act with words that everybody can read."""

    reason = _public_words(
        _l("Reason, for everybody to read"), _l("Say why, in words that everybody can read.")
    )


class IncidentForm(VersionedForm):
    """What went wrong."""

    reason = _public_words(
        _l("What happened, for everybody to read"), _l("Say what happened, in words that everybody can read.")
    )


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


class DrawForm(VersionedForm):
    """A public draw; `draw_form` gives it a field for each option."""

    def validate(self, *args: Any, **more: Any) -> bool:
        """Refuse a place that was given twice, at each option that has it."""
        is_right = super().validate(*args, **more)
        fields = [field for field in self if field.name.startswith("drawn_")]
        places = Counter(field.data for field in fields if field.data is not None)
        twice = [field for field in fields if places[field.data] > 1]
        for field in twice:
            add_error(field, _("Another option was drawn as number %(place)s, too.", place=field.data))
        return is_right and not twice


@lru_cache(maxsize=100)
def draw_form(codes: tuple[str, ...]) -> Any:
    """Return the form for a public draw: for each option as which it was drawn."""
    given = Given(_l("Write as which it was drawn: 1 for the first."))
    within = NumberRange(1, len(codes), message=_l("Each number from 1 on, once."))
    fields: dict[str, Any] = {f"drawn_{code}": WholeField(code, [given, within]) for code in codes}
    return type("DrawForm", (DrawForm,), fields)


def drawn(form: Any, codes: Sequence[str]) -> list[str]:
    """Return the options in the order in which they were drawn, from a form that is right."""
    return sorted(codes, key=lambda code: form[f"drawn_{code}"].data)
