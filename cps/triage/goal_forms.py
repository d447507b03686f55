"""What administrators set for proposals: goals, who may support, who reads an answer before all do."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange

from cps.core.forms import Form, OnceForm, tidy_text
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.proposals.rules import Assurance, Goal, Settings
from cps.proposals.rules.goals import MOST_ANSWER_DAYS, MOST_DAYS, MOST_SUPPORTS
from cps.triage.goal_words import assurance_words

LONGEST_WHY = 500
Choices = Iterable[tuple[str, str]]


def _number(label: Any, most: int, hint: Any = "") -> IntegerField:
    message = _l("Choose a number from %(least)s to %(most)s.", least=1, most=most)
    return IntegerField(label, [InputRequired(message), NumberRange(1, most, message)], description=hint)


class GoalForm(OnceForm):
    """The goal of the city, a ward, a category, or a category in a ward."""

    ward = SelectField(_l("Ward"), validate_choice=False)
    category = SelectField(_l("Category"), validate_choice=False)
    supports = _number(_l("So many supports"), MOST_SUPPORTS)
    days = _number(_l("Within so many days"), MOST_DAYS)
    answer_days = _number(_l("The answer is due within so many working days"), MOST_ANSWER_DAYS)
    department = SelectField(
        _l("Who answers"), description=_l("Else the department of the category."), validate_choice=False
    )
    why = TextAreaField(
        _l("Why this number?"),
        description=_l("Kept with the goal, in the language of the city."),
        filters=[tidy_text],
        validators=[Length(max=LONGEST_WHY, message=_l("This is too long. Please shorten it."))],
    )

    def offer(self, wards: Choices, categories: Choices, departments: Choices) -> None:
        """Offer these by their codes; the goal of none of them is that of the whole city."""
        offered = (
            (self.ward, _("The whole city"), wards),
            (self.category, _("Everything"), categories),
            (self.department, _("The department of the category"), departments),
        )
        for field, none, choices in offered:
            offers = [("", none), *choices]
            field.choices = offers
            field.validators = [AnyOf([code for code, _name in offers], message=_("Choose one of these."))]

    def show(self, goal: Goal) -> None:
        """Show these numbers."""
        self.supports.data, self.days.data = goal.supports, goal.days
        self.answer_days.data = goal.answer_days

    @property
    def goal(self) -> Goal:
        """What a valid form asks for."""
        return Goal(self.supports.data or 0, self.days.data or 0, self.answer_days.data or 0)


class ProposalSettingsForm(Form):
    """Who may support, and who reads an answer."""

    assurance = RadioField(
        _l("Who may support"),
        validate_choice=False,
        validators=[AnyOf([one.value for one in Assurance], message=_l("Choose one of these."))],
    )
    second_reader = BooleanField(
        _l("Somebody else reads an answer before it is published"),
        description=_l("An officer or supervisor of the same desk; never who wrote it."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.assurance.choices = list(assurance_words().items())

    @property
    def chosen(self) -> Settings:
        """What a valid form asks for."""
        return Settings(Assurance(self.assurance.data), bool(self.second_reader.data))
