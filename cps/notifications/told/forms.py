"""How people want to hear of what, and the city's hours of messages."""

from typing import Any

from wtforms import Field, IntegerField, RadioField
from wtforms.validators import AnyOf, InputRequired, NumberRange, ValidationError

from cps.core.forms import Form
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.quiet_hours import Hours
from cps.notifications.rules import CHOICES, Pace, Topic, pace_of
from cps.notifications.told.wording import PACES, TOPICS


def _topic(topic: Topic) -> RadioField:
    name, about = TOPICS[topic]
    is_choice = AnyOf([pace.value for pace in CHOICES[topic]], message=_l("Choose one of these."))
    return RadioField(name, [is_choice], validate_choice=False, description=about)


def _hour(label: Any, description: Any = "") -> IntegerField:
    message = _l("Write a whole hour from 0 to 23.")
    return IntegerField(label, [InputRequired(message), NumberRange(0, 23, message)], description=description)


class ChoicesForm(Form):
    """One choice for each topic."""

    question = _topic(Topic.QUESTION)
    own = _topic(Topic.OWN)
    followed = _topic(Topic.FOLLOWED)
    notice = _topic(Topic.NOTICE)

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        for topic, can in CHOICES.items():
            self[topic.value].choices = [(pace.value, PACES[pace]) for pace in Pace if pace in can]

    @classmethod
    def of(cls, chosen: dict[Topic, Pace]) -> "ChoicesForm":
        """Return the form filled with what holds now, or with what was sent."""
        return cls(data={topic.value: pace_of(topic, chosen.get(topic)).value for topic in CHOICES})

    @property
    def paces(self) -> dict[Topic, Pace]:
        """What was chosen."""
        return {topic: Pace(self[topic.value].data) for topic in CHOICES}


class HoursForm(Form):
    """When nothing leaves that can wait, and when the daily digest does."""

    quiet_from = _hour(_l("Quiet from"))
    quiet_until = _hour(_l("Quiet until"), _l("The same hour twice: no hours are quiet."))
    digest_at = _hour(_l("Daily digest at"))

    @classmethod
    def of(cls, hours: Hours) -> "HoursForm":
        """Return the form filled with what holds now, or with what was sent."""
        return cls(data=hours.as_setting)

    def validate_digest_at(self, field: Field) -> None:
        """Take an hour that is not quiet."""
        if not (self.quiet_from.errors or self.quiet_until.errors) and self.hours.is_quiet(field.data):
            raise ValidationError(_("This hour is quiet. Choose one outside of the quiet hours."))

    @property
    def hours(self) -> Hours:
        """What was chosen."""
        return Hours(*(int(field.data or 0) for field in (self.quiet_from, self.quiet_until, self.digest_at)))
