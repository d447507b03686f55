"""Forms of the desk."""

from typing import Any

from wtforms import (
    MultipleFileField,
    RadioField,
    SearchField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length

from cps.cases.rules import Outcome, Priority, Status
from cps.cases.wording import PRIORITIES, status_look
from cps.core.forms import LONGEST_TEXT, Form, OnceForm, VersionedForm, tidy_line, tidy_text
from cps.core.i18n import lazy_gettext as _l

TOO_LONG = Length(max=LONGEST_TEXT, message=_l("This is too long. Please shorten it."))


class QueueForm(Form):
    """The filters of the queue; they stand in the address."""

    q = SearchField(_l("Words, place or number"), filters=[tidy_line])
    status = SelectField(_l("State"), validate_choice=False)
    category = SelectField(_l("Category"), validate_choice=False)
    department = SelectField(_l("Department"), validate_choice=False)
    ward = SelectField(_l("Ward"), validate_choice=False)
    priority = SelectField(_l("Priority"), validate_choice=False)


class DeskForm(OnceForm, VersionedForm):
    """What changes a case: once, and only the case as it was seen."""


class MessageForm(DeskForm):
    """Words to the resident, begun from a template if wanted."""

    template = SelectField(_l("Begin with a template"), validate_choice=False)
    insert_template = SubmitField(_l("Insert"))
    message = TextAreaField(
        _l("Message"),
        description=_l("The resident and everybody who follows will read it."),
        filters=[tidy_text],
        validators=[DataRequired(_l("Write a message. The resident will read it.")), TOO_LONG],
    )


class ReplyForm(MessageForm):
    """Say something, and whether the case moves with it."""

    to = RadioField(_l("And then"), default="")

    def offer(self, statuses: list[Status]) -> None:
        """Offer to only tell, or to move to one of these statuses."""
        self.to.choices = [("", _l("Only tell")), *((s.value, _MOVE_WORDS[s]) for s in statuses)]


_MOVE_WORDS: dict[Status, Any] = {
    Status.IN_PROGRESS: _l("We work on it"),
    Status.WAITING_RESIDENT: _l("Ask the resident and wait for the reply"),
    Status.WAITING_OTHERS: _l("Wait for somebody outside the city"),
    Status.PLANNED: _l("It is planned; the message says for when"),
}


class CloseForm(MessageForm):
    """End a case: how, in which words, with which proof."""

    outcome = RadioField(
        _l("How does it end?"),
        choices=[
            (o.value, status_look(Status.CLOSED, o).word)
            for o in (Outcome.FIXED, Outcome.ANSWERED, Outcome.NOT_OURS, Outcome.CANNOT_BE_DONE)
        ],
        validators=[DataRequired(_l("Choose how the case ends."))],
    )
    photos = MultipleFileField(_l("Photo of the work"))
    why_no_photo = StringField(
        _l("Or why there is no photo"), filters=[tidy_line], validators=[Length(max=300)]
    )


class TransferForm(DeskForm):
    """Hand the case to another department."""

    department = SelectField(_l("To which department?"))
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Everybody can read it. The due date stays."),
        filters=[tidy_text],
        validators=[DataRequired(_l("Say why. The resident will read it.")), TOO_LONG],
    )


class SortForm(DeskForm):
    """Correct the category, say how urgent it is."""

    category = SelectField(_l("Category"))
    priority = RadioField(_l("Priority"), choices=[(p.value, PRIORITIES[p]) for p in Priority])


class NoteForm(DeskForm):
    """A note that only staff read."""

    message = TextAreaField(
        _l("Note"),
        description=_l("Only staff can read it."),
        filters=[tidy_text],
        validators=[DataRequired(_l("Write the note.")), TOO_LONG],
    )


class JoinForm(DeskForm):
    """Join the case to another that is the same."""

    into = StringField(
        _l("Number of the other case"),
        filters=[tidy_line],
        validators=[DataRequired(_l("Enter the number of the other case.")), Length(max=40)],
    )
    message = TextAreaField(
        _l("Message"),
        description=_l("The resident and everybody who follows will read it."),
        filters=[tidy_text],
        validators=[DataRequired(_l("Write a message. The resident will read it.")), TOO_LONG],
    )
