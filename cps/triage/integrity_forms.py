"""Forms of what integrity officers do with a complaint about staff or corruption."""

from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, DataRequired, Length

from cps.cases.services.integrity import LONGEST_PERSON
from cps.core.forms import LONGEST_LINE, SHORTEN, OnceForm, tidy_line
from cps.core.i18n import lazy_gettext as _l
from cps.triage.forms.base import NO_CATEGORY, NO_DEPARTMENT, line_field, text_field
from cps.triage.proposal_forms import Choices, StepForm


class AboutForm(StepForm):
    """Whom a complaint names, and who of the integrity officers never sees it."""

    department = SelectField(_l("Department it names"), validate_choice=False)
    person = line_field(
        _l("Person it names"), LONGEST_PERSON, _l("As it was reported, or as you know by now.")
    )
    barred = SelectMultipleField(
        _l("Who must not see it"),
        description=_l("Whoever is named, or too close to it. From then on it is not there for them."),
    )

    def offer(self, departments: Choices, officers: Choices) -> None:
        """Offer these departments and integrity officers."""
        known = dict(departments)
        self.department.choices = [("", _l("No department, or not known")), *known.items()]
        self.department.validators = [AnyOf(["", *known], message=NO_DEPARTMENT)]
        self.barred.choices = list(officers)


class ReasonForm(OnceForm):
    """Why somebody needs to know who reported it."""

    reason = StringField(
        _l("Why do you need to know?"),
        description=_l("It is recorded with your name. Both people who may look read it."),
        filters=[tidy_line],
        validators=[
            DataRequired(_l("Say why you need to know. Both people who may look read the reason.")),
            Length(max=LONGEST_LINE, message=SHORTEN),
        ],
    )


class OrdinaryForm(StepForm):
    """Which department gets a complaint that is not about staff, and why."""

    category = SelectField(_l("Category"), validate_choice=False)
    message = text_field(
        _l("Reason"),
        _l("Who reported it and the department read it."),
        _l("Say why it is not about staff. Who reported it reads it."),
    )

    def offer(self, categories: Choices) -> None:
        """Offer these categories."""
        known = dict(categories)
        self.category.choices = [("", _l("Choose one")), *known.items()]
        self.category.validators = [AnyOf(list(known), message=NO_CATEGORY)]
