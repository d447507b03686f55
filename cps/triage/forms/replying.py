"""The form of what a resident is told or asked, and whether the case moves with it."""

from typing import Any

from wtforms import RadioField, SelectField, SubmitField, TextAreaField
from wtforms.validators import AnyOf

from cps.cases.rules import Status
from cps.cases.rules.asking import LONGEST_CHOICE, ToAsk, are_choices, choices_of
from cps.core.forms import add_error, tidy_text
from cps.core.i18n import lazy_gettext as _l
from cps.triage.forms.base import NO_DATE, DeskForm, number_of, resident_message, templates
from cps.triage.rules import Act

ODD_CHOICES = _l(
    "Write two to four short answers, each of %(max)d letters at most, or none.", max=LONGEST_CHOICE
)

MOVE_WORDS: dict[Status, Any] = {
    Status.IN_PROGRESS: _l("We work on it"),
    Status.WAITING_RESIDENT: _l("Ask the resident and wait for the reply"),
    Status.WAITING_OTHERS: _l("Wait for somebody outside the city"),
    Status.PLANNED: _l("It is planned; the message says for when"),
}


class ReplyForm(DeskForm):
    """Say something, and whether the case moves with it."""

    act = Act.REPLY

    template = templates()
    insert_template = SubmitField(_l("Insert"))
    message = resident_message()
    to = RadioField(_l("And then"), default="", validate_choice=False)
    choices = TextAreaField(
        _l("Short answers to tap"),
        description=_l("One a line, two to four. The resident taps one, or writes. Only for a question."),
        filters=[tidy_text],
    )
    days = SelectField(_l("Time to reply"), validate_choice=False)

    def offer(self, statuses: list[Status], until: list[tuple[int, str]], usual: int) -> None:
        """Offer to only tell, or to move to one of these statuses; a question waits until one of the dates.

        The dates are given with their number of working days, of which one is usual.
        """
        self.to.choices = [("", _l("Only tell")), *((s.value, MOVE_WORDS[s]) for s in statuses)]
        self.to.validators = [AnyOf(["", *statuses], message=_l("Choose one of these."))]
        self.days.choices = [(str(days), words) for days, words in until]
        self.days.validators = [AnyOf([str(days) for days, _words in until], message=NO_DATE)]
        self.days.data = self.days.data or str(usual)

    def validate(self, *args: Any, **more: Any) -> bool:
        """Check what was typed; answers to tap go with a question alone."""
        right = super().validate(*args, **more)
        if self.asks.choices and self.to.data != Status.WAITING_RESIDENT:
            add_error(self.choices, str(_l("Choose “Ask the resident” with it, or leave this empty.")))
            return False
        if not are_choices(self.asks.choices):
            add_error(self.choices, str(ODD_CHOICES))
            return False
        return right

    @property
    def asks(self) -> ToAsk:
        """What a question with this form offers to tap, and how long it waits."""
        return ToAsk(tuple(choices_of(self.choices.data or "")), number_of(self.days.data))
