"""Forms of what a case is: its category, how urgent it is, and which other is the same."""

from wtforms import RadioField, SelectField, StringField
from wtforms.validators import AnyOf, DataRequired, Length, Optional

from cps.cases.rules import Priority
from cps.cases.wording import PRIORITIES
from cps.core.forms import tidy_line
from cps.core.i18n import lazy_gettext as _l
from cps.triage.forms.base import NO_CATEGORY, DeskForm, resident_message
from cps.triage.rules import Act


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
    message = resident_message()


class UnjoinForm(DeskForm):
    """Undo a join."""

    act = Act.UNJOIN

    message = resident_message()
