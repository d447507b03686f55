"""Forms of the desk. Their fields carry the act in their id, because several stand on one page."""

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar

from wtforms import (
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, Length, Optional

from cps.cases.rules import Outcome, Priority, Status
from cps.cases.rules.asking import LONGEST_CHOICE, ToAsk, are_choices, choices_of
from cps.cases.wording import PRIORITIES, status_look
from cps.core.forms import LONGEST_TEXT, Form, OnceForm, add_error, tidy_line, tidy_text
from cps.core.i18n import lazy_gettext as _l
from cps.departments.models import DeclineReason
from cps.triage.reasons import kept, offered, why_wrong
from cps.triage.rules import Act

LONGEST_REASON = 300
LONGEST_NAME = 120
TOO_LONG = Length(max=LONGEST_TEXT, message=_l("This is too long. Please shorten it."))
NO_DATE = _l("Choose a date from the list.")
ODD_CHOICES = _l(
    "Write two to four short answers, each of %(max)d letters at most, or none.", max=LONGEST_CHOICE
)
NO_DEPARTMENT = _l("Choose a department from the list.")
NO_CATEGORY = _l("Choose a category from the list.")
ONLY_PARTNER = _l("Only the partner and staff read it.")
PUBLIC = _l("The resident and everybody who follows will read it.")

OUTCOMES = (Outcome.FIXED, Outcome.ANSWERED, Outcome.NOT_OURS, Outcome.CANNOT_BE_DONE)

MOVE_WORDS: dict[Status, Any] = {
    Status.IN_PROGRESS: _l("We work on it"),
    Status.WAITING_RESIDENT: _l("Ask the resident and wait for the reply"),
    Status.WAITING_OTHERS: _l("Wait for somebody outside the city"),
    Status.PLANNED: _l("It is planned; the message says for when"),
}


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


class DeskForm(OnceForm):
    """What changes a case: once, and only the case as it was seen."""

    act: ClassVar[Act] = Act.TAKE

    class Meta(Form.Meta):
        """Gives every field an id of its act."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Bind a field under the id `<act>-<name>`; its name stays."""
            return unbound_field.bind(form=form, id=f"{form.act}-{options['name']}", **options)

    version = HiddenField()

    @property
    def seen(self) -> int | None:
        """The version of the case that the officer saw; None where the page did not say."""
        return _number(self.version.data)

    def show(self, version: int) -> None:
        """Note the version of the case that is shown with the form from now on."""
        self.version.data = str(version)

    @property
    def key(self) -> str:
        """What makes pressing twice one act: the form's key with all that was typed.

        The same form sent again with other words is another act, so that none of them is lost.
        """
        typed = [(f.name, f.data) for f in self if f.name not in {"form_key", "version", "photos"}]
        return f"{self.form_key.data}:{hashlib.sha256(repr((self.act, typed)).encode()).hexdigest()}"

    @property
    def words(self) -> str:
        """What was typed for somebody to read."""
        return next((str(self[name].data or "") for name in ("message", "reason") if name in self), "")


def _message(label: Any, missing: Any, hint: Any) -> TextAreaField:
    needed = DataRequired(missing)
    return TextAreaField(label, description=hint, filters=[tidy_text], validators=[needed, TOO_LONG])


def _to_resident() -> TextAreaField:
    return _message(_l("Message"), _l("Write a message. The resident will read it."), PUBLIC)


class ReleaseForm(DeskForm):
    """Give the case back."""

    act = Act.RELEASE


class ReadForm(DeskForm):
    """Note that the reply was read."""

    act = Act.READ


def _templates() -> SelectField:
    return SelectField(_l("Begin with a template"), validate_choice=False)


class ReplyForm(DeskForm):
    """Say something, and whether the case moves with it."""

    act = Act.REPLY

    template = _templates()
    insert_template = SubmitField(_l("Insert"))
    message = _to_resident()
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
        days = _number(self.days.data)
        return ToAsk(tuple(choices_of(self.choices.data or "")), days)


class CloseForm(DeskForm):
    """End a case: how, in which words, with which proof."""

    act = Act.CLOSE

    outcome = RadioField(
        _l("How does it end?"),
        validate_choice=False,
        validators=[
            DataRequired(_l("Choose how the case ends.")),
            AnyOf(OUTCOMES, message=_l("Choose how the case ends.")),
        ],
    )
    template = _templates()
    insert_template = SubmitField(_l("Insert"))
    message = _to_resident()
    photos = MultipleFileField(_l("Photo of the work"))
    why_no_photo = StringField(
        _l("Or why there is no photo"),
        filters=[tidy_line],
        validators=[Length(max=LONGEST_REASON, message=_l("This is too long. Please shorten it."))],
    )

    whose = StringField(
        _l("Whose is it?"),
        description=_l("Only where it is not the city’s to do. Everybody reads it."),
        filters=[tidy_line],
        validators=[Length(max=LONGEST_NAME, message=_l("This is too long. Please shorten it."))],
    )

    reason = SelectField(
        _l("Why not?"),
        description=_l("For a no. The resident reads it in their language, before your words."),
        validate_choice=False,
    )
    reasons: Sequence[DeclineReason] = ()

    def validate(self, *args: Any, **more: Any) -> bool:
        """Check what was typed; what is not the city's to do says whose it is, and a no has its reason."""
        right = super().validate(*args, **more)
        if wrong := why_wrong(self.reasons, str(self.outcome.data), self.reason.data or ""):
            add_error(self.reason, wrong)
            right = False
        if self.outcome.data == Outcome.NOT_OURS and not self.whose.data:
            add_error(self.whose, str(_l("Say whose it is, so that the resident knows whom to ask.")))
            right = False
        return right

    def offer(self, reasons: Sequence[DeclineReason]) -> None:
        """Offer the ways in which a complaint ends, and the city's reasons for a no."""
        self.reasons = reasons
        self.outcome.choices = [(o.value, status_look(Status.CLOSED, o).word) for o in OUTCOMES]
        self.reason.choices = offered(reasons, OUTCOMES)

    @property
    def told(self) -> dict[str, Any]:
        """What the event of the end keeps besides its words: the reason for a no, and whose it is."""
        ending = str(self.outcome.data)
        whose = {"whose": self.whose.data} if ending == Outcome.NOT_OURS else {}
        return {**whose, **kept(self.reasons, ending, self.reason.data or "")}


class ReopenForm(DeskForm):
    """Open a closed case again."""

    act = Act.REOPEN

    message = _to_resident()


class ExtendForm(DeskForm):
    """Promise a later date, with a public reason and an interim reply to the resident."""

    act = Act.EXTEND

    days = SelectField(_l("Until when?"), validate_choice=False)
    reason = _message(
        _l("Reason"), _l("Say why. Everybody will read it."), _l("Everybody can read it on the case’s page.")
    )
    message = _message(
        _l("Reply to the resident"),
        _l("Write an interim reply. The resident will read it."),
        _l("Only the resident reads it: what was done so far, and what happens next."),
    )

    def offer(self, dates: list[tuple[int, str]], hint: str) -> None:
        """Offer these numbers of working days, each with the date it leads to; the hint says how often."""
        self.days.description = hint
        self.days.choices = [("", _l("Choose one")), *((str(days), date) for days, date in dates)]
        self.days.validators = [AnyOf([str(days) for days, _date in dates], message=NO_DATE)]


class DecideForm(DeskForm):
    """Say yes or no to a request for more time."""

    act = Act.DECIDE

    decision = RadioField(
        _l("Your decision"),
        validate_choice=False,
        validators=[AnyOf(["yes", "no"], message=_l("Choose yes or no."))],
    )
    message = TextAreaField(
        _l("Why not"),
        description=_l("Only for a no. Staff read it."),
        filters=[tidy_text],
        validators=[TOO_LONG],
    )

    def offer(self) -> None:
        """Offer yes and no."""
        self.decision.choices = [("yes", _l("Yes, give more time")), ("no", _l("No, the date stays"))]


class TransferForm(DeskForm):
    """Hand the case to another department."""

    act = Act.TRANSFER

    department = SelectField(_l("To which department?"), validate_choice=False)
    reason = _message(
        _l("Reason"),
        _l("Say why. The resident will read it."),
        _l("Everybody can read it. The due date stays."),
    )

    def offer(self, departments: list[tuple[str, str]]) -> None:
        """Offer these departments."""
        self.department.choices = [("", _l("Choose one")), *departments]
        self.department.validators = [AnyOf([code for code, _name in departments], message=NO_DEPARTMENT)]


class AcceptForm(DeskForm):
    """Say that a case that was handed over is the department's."""

    act = Act.ACCEPT


class RefuseForm(DeskForm):
    """Say that a case that was handed over is not the department's, and whose it is."""

    act = Act.REFUSE

    department = SelectField(_l("Whose is it?"), validate_choice=False)
    whose = StringField(
        _l("Or who outside the city"),
        filters=[tidy_line],
        validators=[Length(max=LONGEST_NAME, message=_l("This is too long. Please shorten it."))],
    )
    reason = _message(
        _l("Reason"),
        _l("Say why. The resident will read it."),
        _l("Everybody can read it. The case goes back to be sorted, and its date stays."),
    )

    def offer(self, departments: list[tuple[str, str]]) -> None:
        """Offer these departments, and to know none."""
        self.department.choices = [("", _l("I do not know")), *departments]
        codes = ["", *(code for code, _name in departments)]
        self.department.validators = [AnyOf(codes, message=NO_DEPARTMENT)]


class SortForm(DeskForm):
    """Correct the category, say how urgent it is."""

    act = Act.SORT

    suggestion = StringField(_l("Category"))
    """A category that was suggested, where its button was pressed; it counts in place of the list."""

    category = SelectField(_l("Category"), validate_choice=False)
    priority = RadioField(
        _l("Priority"),
        validate_choice=False,
        validators=[AnyOf(list(Priority), message=_l("Choose one of these."))],
    )

    def offer(self, groups: dict[str, list[tuple[str, str]]]) -> None:
        """Offer these categories by group, and every priority."""
        self.priority.choices = [(p.value, PRIORITIES[p]) for p in Priority]
        self.category.choices = groups
        codes = [code for group in groups.values() for code, _name in group]
        self.category.validators = [AnyOf(codes, message=NO_CATEGORY)]
        self.suggestion.validators = [Optional(), AnyOf(codes, message=NO_CATEGORY)]

    @property
    def chosen(self) -> str:
        """The code of the category that a valid form asks for."""
        return str(self.suggestion.data or self.category.data)


class NoteForm(DeskForm):
    """A note that only staff read."""

    act = Act.NOTE

    message = _message(_l("Note"), _l("Write the note."), _l("Only staff can read it."))


class HereForm(DeskForm):
    """Be at the place."""

    act = Act.HERE


class MissingForm(DeskForm):
    """Not find what was reported."""

    act = Act.MISSING

    message = TextAreaField(
        _l("What is there instead?"),
        description=_l("Only staff can read it."),
        filters=[tidy_text],
        validators=[TOO_LONG],
    )


class JoinForm(DeskForm):
    """Join the case to another that is the same."""

    act = Act.JOIN

    into = StringField(
        _l("Number of the other case"),
        filters=[tidy_line],
        validators=[
            DataRequired(_l("Enter the number of the other case.")),
            Length(
                max=40, message=_l("A case number has twelve digits, like 2611-4839-1267. Please compare.")
            ),
        ],
    )
    message = _to_resident()


class UnjoinForm(DeskForm):
    """Undo a join."""

    act = Act.UNJOIN

    message = _to_resident()


class PartnerForm(DeskForm):
    """Send a case to a partner outside the city: what to do, what it may see, what the resident reads."""

    act = Act.PARTNER

    partner = SelectField(_l("Which partner?"), validate_choice=False)
    errand = _message(_l("Message to the partner"), _l("Write what the partner is to do."), ONLY_PARTNER)
    shares = SelectMultipleField(_l("What the partner also sees"), validate_choice=False)
    message = _to_resident()

    def offer(self, partners: list[tuple[str, str]]) -> None:
        """Offer these partners."""
        self.partner.choices = [("", _l("Choose one")), *partners]
        self.partner.validators = [
            AnyOf([key for key, _name in partners], message=_l("Choose a partner from the list."))
        ]


class RecallForm(DeskForm):
    """Take a case back from a partner: its link ends."""

    act = Act.RECALL


FORMS: dict[Act, type[DeskForm]] = {
    form.act: form
    for form in (
        DeskForm, ReleaseForm, ReadForm, ReplyForm, CloseForm, ReopenForm, TransferForm, SortForm, NoteForm,
        JoinForm, ExtendForm, DecideForm, AcceptForm, RefuseForm, UnjoinForm, PartnerForm, RecallForm,
        HereForm, MissingForm,
    )
}  # fmt: skip
