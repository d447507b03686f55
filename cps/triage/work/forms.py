"""The form of an act on many cases: one choice of what to do, and what that needs."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field, RadioField, SelectField, StringField
from wtforms.validators import AnyOf

from cps.cases import reference as references
from cps.cases.rules import Outcome, Priority, Status
from cps.cases.wording import PRIORITIES, status_look
from cps.core.forms import Form, add_error, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments.models import DeclineReason
from cps.triage.forms import MOVE_WORDS, NO_CATEGORY, NO_DEPARTMENT, PUBLIC, ClosingFields, whose_field
from cps.triage.forms.base import text_field
from cps.triage.work.rules import TELLING, BulkAct
from cps.triage.work.wording import ACTS, MOVES

NOBODY = "nobody"
CHOOSE_ONE = ("", _l("Choose one"))
MISSING = _l("Choose one of these.")
Pairs = list[tuple[str, Any]]


class BulkForm(ClosingFields, Form):
    """What is to be done to all that are selected; only what the chosen act needs is looked at."""

    act = RadioField(
        _l("What is to be done?"),
        validate_choice=False,
        validators=[AnyOf(list(BulkAct), message=_l("Choose what is to be done."))],
    )
    account = SelectField(_l("To whom?"), validate_choice=False)
    category = SelectField(_l("Category"), validate_choice=False)
    priority = SelectField(_l("Priority"), validate_choice=False)
    department = SelectField(_l("To which department?"), validate_choice=False)
    move = SelectField(_l("Where to?"), validate_choice=False)
    whose = whose_field()
    reason = SelectField(
        _l("Why not?"),
        description=_l("For a no. The residents read it in their language, before your words."),
        validate_choice=False,
    )
    into = StringField(_l("Number of the case they are joined to"), filters=[tidy_line])
    message = text_field(_l("Message"), PUBLIC)

    def offer(
        self,
        accounts: Pairs,
        categories: dict[str, Pairs],
        departments: Pairs,
        reasons: Sequence[DeclineReason],
    ) -> None:
        """Offer whom they can be given to, the categories by group, the departments, reasons for a no."""
        self.offer_reasons(reasons)
        self.act.choices = [(act.value, words) for act, words in ACTS.items()]
        self.account.choices = [CHOOSE_ONE, (NOBODY, _l("Nobody: back to the department")), *accounts]
        self.category.choices = {"": [CHOOSE_ONE], **categories}
        self.priority.choices = [CHOOSE_ONE, *((p.value, words) for p, words in PRIORITIES.items())]
        self.department.choices = [CHOOSE_ONE, *departments]
        self.move.choices = [CHOOSE_ONE, *((value, _move_words(*to)) for value, to in MOVES.items())]

    def validate(self, *args: Any, **more: Any) -> bool:
        """Return whether the chosen act has what it needs."""
        is_right = super().validate(*args, **more)
        if self.act.data not in list(BulkAct):
            return False
        act = BulkAct(self.act.data)
        field, missing = self._needed(act)
        if not field.data or field.data not in _values(field):
            add_error(field, str(missing))
            is_right = False
        ending = self.chosen_move[1] if self.move.data in MOVES else None
        if ending is not None:
            is_right = self.is_right_for(ending) and is_right
        if act in TELLING and not self.message.data:
            add_error(self.message, _("Write a message. The resident will read it."))
            is_right = False
        return is_right

    @property
    def told(self) -> dict[str, Any]:
        """What the event of an end keeps besides its words."""
        ending = self.chosen_move[1]
        return self.told_of(ending) if ending is not None else {}

    def _needed(self, act: BulkAct) -> tuple[Field, Any]:
        return {
            BulkAct.ASSIGN: (self.account, MISSING),
            BulkAct.CATEGORY: (self.category, NO_CATEGORY),
            BulkAct.PRIORITY: (self.priority, MISSING),
            BulkAct.TRANSFER: (self.department, NO_DEPARTMENT),
            BulkAct.MOVE: (self.move, MISSING),
            BulkAct.JOIN: (self.into, _l("Enter the number of the other case.")),
        }[act]

    @property
    def chosen_priority(self) -> Priority | None:
        """The priority, where the act is about it."""
        return Priority(self.priority.data) if self.act.data == BulkAct.PRIORITY else None

    @property
    def chosen_move(self) -> tuple[Status | None, Outcome | None]:
        """Status and outcome, where the act is a move."""
        return MOVES[self.move.data] if self.act.data == BulkAct.MOVE else (None, None)


class CheckForm(Form):
    """What a supervisor found at a closed case."""

    found = RadioField(
        _l("What did you find?"),
        validate_choice=False,
        validators=[AnyOf(["good", "not-good"], message=_l("Say whether it was good."))],
    )
    note = text_field(_l("What was not good?"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.found.choices = [("good", _l("Good")), ("not-good", _l("Not good"))]


def _move_words(status: Status, outcome: Outcome | None) -> Any:
    if outcome is None:
        return MOVE_WORDS[status]
    return _l("Close: %(how)s", how=status_look(status, outcome).word)


def _values(field: Any) -> set[str]:
    """Return what a field offers; of a text the text itself, when it can be the number of a case."""
    if isinstance(field, StringField):
        typed = field.data or ""
        return {typed} if len(typed) <= 3 * references.LENGTH else set()
    groups = field.choices.values() if isinstance(field.choices, dict) else [field.choices]
    return {value for group in groups for value, _words in group}
