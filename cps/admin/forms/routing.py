"""The form of a rule of routing."""

import re
from typing import Any

from wtforms import (
    BooleanField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, Length, Optional

from cps.admin.forms.base import CHOOSE, Choices, RuleForm
from cps.core.forms import add_error, tidy_line, tidy_text
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments.routing import LONGEST_NAME, Conditions, RoutingSpec

WEEKDAYS = (
    ("0", _l("Monday")),
    ("1", _l("Tuesday")),
    ("2", _l("Wednesday")),
    ("3", _l("Thursday")),
    ("4", _l("Friday")),
    ("5", _l("Saturday")),
    ("6", _l("Sunday")),
)
LONGEST_WORDS = 2_000
_BETWEEN = re.compile(r"[,;\n]+")


class RoutingForm(RuleForm):
    """When a rule fits and where a complaint goes then; what is left empty fits everything."""

    name = StringField(
        _l("Name of the rule"),
        description=_l("Staff read it in the story of each case that the rule decided."),
        filters=[tidy_line],
        validators=[
            DataRequired(_l("Give the rule a name.")),
            Length(max=LONGEST_NAME, message=_l("This is too long. Please shorten it.")),
        ],
    )
    categories = SelectMultipleField(_l("What it is about"), validate_choice=False)
    wards = SelectMultipleField(_l("Where it is"), validate_choice=False)
    weekdays = SelectMultipleField(_l("On which days it comes"), validate_choice=False)
    starts = TimeField(_l("From"), description=_l("22:00 to 06:00 is the night."), validators=[Optional()])
    ends = TimeField(_l("Until"), validators=[Optional()])
    words = TextAreaField(
        _l("One of these words"),
        description=_l("Parted by commas or lines, in any language. Capitals and accents do not matter."),
        filters=[tidy_text],
        validators=[Length(max=LONGEST_WORDS, message=_l("This is too long. Please shorten it."))],
    )
    department = SelectField(_l("Department"), validate_choice=False)
    officer = SelectField(
        _l("Officer"), description=_l("Whoever it is works in that department."), validate_choice=False
    )
    makes_urgent = BooleanField(_l("It is urgent"), description=_l("It stands first in the queue."))
    is_active = BooleanField(_l("In use"), default=True)
    tries = SubmitField(_l("Try it"))

    def offer(
        self,
        categories: Choices,
        wards: Choices,
        departments: Choices,
        officers: dict[str, list[tuple[str, str]]],
    ) -> None:
        """Offer these by their codes, officers by the names of their departments."""
        self.categories.choices, self.wards.choices = list(categories), list(wards)
        self.weekdays.choices = [(day, str(name)) for day, name in WEEKDAYS]
        self.department.choices = [("", _("As the category says")), *departments]
        self.officer.choices = {"": [("", _("Nobody yet"))], **officers}

    def validate(self, *args: Any, **more: Any) -> bool:
        """Return whether everything is right: only what is offered, and both times or none."""
        right = super().validate(*args, **more)
        for field in (self.categories, self.wards, self.weekdays):
            if set(field.data or ()) - {choice[0] for choice in field.choices or ()}:
                add_error(field, str(CHOOSE))
                right = False
        if (self.starts.data is None) != (self.ends.data is None):
            add_error(self.starts, _("Give both times, or none."))
            right = False
        return right

    @property
    def spec(self) -> RoutingSpec:
        """What a valid form asks for."""
        phrases = (phrase.strip() for phrase in _BETWEEN.split(self.words.data or ""))
        conditions = Conditions(
            categories=tuple(self.categories.data or ()),
            wards=tuple(self.wards.data or ()),
            weekdays=tuple(int(day) for day in self.weekdays.data or ()),
            starts=self.starts.data,
            ends=self.ends.data,
            words=tuple(dict.fromkeys(phrase for phrase in phrases if phrase)),
        )
        officer = str(self.officer.data or "")
        return RoutingSpec(
            name=self.name.data or "",
            conditions=conditions,
            department=self.department.data or "",
            officer_id=int(officer) if officer.isascii() and officer.isdecimal() else None,
            makes_urgent=bool(self.makes_urgent.data),
            is_active=bool(self.is_active.data),
        )

    def show(self, spec: RoutingSpec) -> None:
        """Show a rule as it stands."""
        conditions = spec.conditions
        self.name.data = spec.name
        self.categories.data, self.wards.data = list(conditions.categories), list(conditions.wards)
        self.weekdays.data = [str(day) for day in conditions.weekdays]
        self.starts.data, self.ends.data = conditions.starts, conditions.ends
        self.words.data = ", ".join(conditions.words)
        self.department.data = spec.department
        self.officer.data = str(spec.officer_id or "")
        self.makes_urgent.data, self.is_active.data = spec.makes_urgent, spec.is_active
