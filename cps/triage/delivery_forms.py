"""Forms of a delivery: how a promise is kept, what was done, what is late, and that it is done.

Several stand on one page, so fields carry the name of their form in their id.
"""

from datetime import date
from typing import Any, ClassVar

from wtforms import (
    DateField,
    FieldList,
    FormField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional

from cps.core.forms import SHORTEN, Form, OnceForm, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.proposals.rules import ALMOST
from cps.proposals.services import MilestoneSpec
from cps.proposals.services.delivering import LARGEST_BUDGET
from cps.triage.forms.base import text_field
from cps.triage.proposal_forms import Choices, StepForm

SPARE_MILESTONES = 4
LONGEST_TITLE = 200
DONE, MOVED = "done", "moved"


class DeliveryForm(StepForm):
    """A step of a delivery."""

    part: ClassVar[str] = ""

    class Meta(OnceForm.Meta):
        """Gives every field an id of its form."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Bind a field under the id `<part>-<name>`, where it has none; its name stays."""
            options.setdefault("id", f"{form.part}-{options['name']}")
            return unbound_field.bind(form=form, **options)


class NewsForm(DeliveryForm):
    """A step that supporters hear of, with photos; `refused` says of each photo why it was not taken."""

    refused: tuple[str, ...] = ()

    message = text_field(
        _l("What do you tell everybody?"),
        _l("Everybody who supported or follows the proposal reads it."),
        _l("Write a few words. Everybody who supported it reads them."),
    )
    photos = MultipleFileField(_l("Photos"))

    def validate(self, *args: Any, **more: Any) -> bool:
        """Return whether everything is right; a photo that was not taken is said beside its field."""
        is_right = super().validate(*args, **more)
        if self.refused:
            self.photos.errors = list(self.refused)
        return is_right and not self.refused


class PlannedForm(Form):
    """A part of the delivery; without both it is left out."""

    title = StringField(
        _l("What"), filters=[tidy_line], validators=[Length(max=LONGEST_TITLE, message=SHORTEN)]
    )
    due_on = DateField(_l("By when"), validators=[Optional()])

    def validate(self, *args: Any, **more: Any) -> bool:
        """Return whether it is whole or empty: a milestone needs both its words and its day."""
        is_right = super().validate(*args, **more)
        if is_right and bool(self.title.data) != (self.due_on.data is not None):
            self.due_on.errors = [_("A milestone needs a few words and a day.")]
        return is_right and not self.due_on.errors


class BeginForm(NewsForm):
    """By whom, until when, for how much and in which steps it is done."""

    part = "begin"

    unit = SelectField(_l("Which department does it?"), validate_choice=False)
    due_on = DateField(_l("To be done by"), validators=[Optional()])
    budget = IntegerField(
        _l("Budget"),
        description=_l("A whole number in the currency of the city, without marks."),
        validators=[
            Optional(),
            NumberRange(0, LARGEST_BUDGET, message=_l("Give the budget as a whole number.")),
        ],
    )
    milestones = FieldList(FormField(PlannedForm), max_entries=2 * SPARE_MILESTONES)

    def offer(self, departments: Choices) -> None:
        """Offer these departments, and room for milestones."""
        offers = [("", _("Choose one")), *departments]
        self.unit.choices = offers
        codes = [code for code, _name in offers if code]
        self.unit.validators = [AnyOf(codes, message=_("Choose a department from the list."))]
        while len(self.milestones) < SPARE_MILESTONES:
            self.milestones.append_entry()

    def planned(self, language: str) -> list[MilestoneSpec]:
        """Return the milestones of a valid form; those left empty are none."""
        rows = [(one.title.data or "", one.due_on.data) for one in self.milestones]
        return [MilestoneSpec(title, due_on, language) for title, due_on in rows if title and due_on]


class ProgressForm(NewsForm):
    """How far it is."""

    part = "progress"

    percent = IntegerField(
        _l("Percent done"),
        validators=[
            InputRequired(_l("Give a number from 0 to 99; what is done is marked as done.")),
            NumberRange(0, ALMOST, message=_l("Give a number from 0 to 99; what is done is marked as done.")),
        ],
    )


class AddForm(DeliveryForm):
    """One more milestone."""

    part = "add"

    title = StringField(
        _l("What"),
        filters=[tidy_line],
        validators=[
            DataRequired(_l("Say in a few words what is to be done.")),
            Length(max=LONGEST_TITLE, message=SHORTEN),
        ],
    )
    due_on = DateField(_l("By when"), validators=[InputRequired(_l("Say by which day."))])


class MilestoneForm(NewsForm):
    """What became of a milestone: done since a day, or promised for another."""

    part = "milestone"

    what = RadioField(
        _l("What became of it?"),
        validate_choice=False,
        validators=[AnyOf([DONE, MOVED], message=_l("Choose one of these."))],
    )
    day = DateField(
        _l("On which day?"),
        description=_l("The day it was done, or the day for which it is promised now."),
        validators=[InputRequired(_l("Say on which day."))],
    )

    def offer(self, today: date) -> None:
        """Offer both; a form that nobody filled yet says today."""
        self.what.choices = [(DONE, _("It is done")), (MOVED, _("It takes until another day"))]
        if self.day.data is None and not self.day.raw_data:
            self.day.data = today


class DeliverForm(NewsForm):
    """It is done."""

    part = "deliver"
