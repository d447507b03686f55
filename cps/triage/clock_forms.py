"""What administrators choose for the clock, within the bounds of its rules."""

from typing import Any

from wtforms import IntegerField, RadioField
from wtforms.validators import AnyOf, InputRequired, NumberRange

from cps.cases.rules.clock import BOUNDS, ClockSettings
from cps.core.forms import Form
from cps.core.i18n import lazy_gettext as _l


def _number(name: str, label: Any, hint: Any = "") -> IntegerField:
    least, most = BOUNDS[name]
    message = _l("Choose a number from %(least)s to %(most)s.", least=least, most=most)
    return IntegerField(label, [InputRequired(message), NumberRange(least, most, message)], description=hint)


class ClockSettingsForm(Form):
    """Working hours and days of the clock."""

    acknowledge_hours = _number(
        "acknowledge_hours",
        _l("Seen within so many working hours"),
        _l("For categories that say nothing else themselves."),
    )
    acknowledge_hours_urgent = _number(
        "acknowledge_hours_urgent", _l("Urgent ones within so many working hours")
    )
    extension_days = _number(
        "extension_days", _l("Most working days of one extension"), _l("A date can be moved twice at most.")
    )
    supervisor_from = RadioField(
        _l("A supervisor says yes"),
        coerce=int,
        validate_choice=False,
        validators=[AnyOf([1, 2, 3], message=_l("Choose one of these."))],
    )
    reminder_days = _number("reminder_days", _l("Remind so many working days before the date"))
    public_after_days = _number(
        "public_after_days",
        _l("On the public list so many working days after the date"),
        _l("0: as soon as it is late."),
    )
    silent_hours = _number(
        "silent_hours",
        _l("Alarm when nobody has opened a department’s new cases for so many working hours"),
        _l("Its supervisors and the administrators get one mail. The morning report says it too."),
    )

    reply_days = _number(
        "reply_days",
        _l("Working days for a resident to answer a question"),
        _l("Officers can choose another number. Half way there is one reminder."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.supervisor_from.choices = [
            (1, _l("To both extensions")),
            (2, _l("To the second")),
            (3, _l("To none")),
        ]

    @property
    def chosen(self) -> ClockSettings:
        """What a valid form asks for."""
        return ClockSettings(**{name: self[name].data for name in BOUNDS})
