"""The fields with which officers and agents say that a case is about staff or corruption."""

from collections.abc import Sequence

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from cps.cases.services.about_staff import Finding
from cps.cases.services.integrity import LONGEST_PERSON, About
from cps.core.forms import LONGEST_TEXT, SHORTEN, tidy_line, tidy_text
from cps.core.i18n import lazy_gettext as _l
from cps.departments.catalogue import KnownCategory, KnownDepartment

Named = Sequence[tuple[str, str]]


class AboutStaffFields:
    """Which of the categories about staff, whom it names, and why; to be mixed into a form."""

    category = SelectField(_l("Category"), validate_choice=False)
    department = SelectField(_l("Department it names"), validate_choice=False)
    person = StringField(
        _l("Person it names"),
        description=_l("Whoever is named never sees it."),
        filters=[tidy_line],
        validators=[Length(max=LONGEST_PERSON, message=SHORTEN)],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Only integrity officers read it."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Say why it is about staff or corruption.")),
            Length(max=LONGEST_TEXT, message=SHORTEN),
        ],
    )

    def offer(self, categories: Named, departments: Named) -> None:
        """Offer these categories, the only one chosen already, and departments."""
        self.category.choices = list(categories)
        self.category.data = self.category.data or next((code for code, _name in categories), "")
        self.category.validators = [
            AnyOf([code for code, _name in categories], message=_l("Choose a category from the list."))
        ]
        self.department.choices = [("", _l("No department, or not known")), *departments]
        codes = ["", *(code for code, _name in departments)]
        self.department.validators = [AnyOf(codes, message=_l("Choose a department from the list."))]

    def found(self, category: KnownCategory, department: KnownDepartment | None, language: str) -> Finding:
        """Return what was said, once the codes were looked up."""
        about = About(department.id if department else None, self.person.data or "")
        return Finding(category, about, self.reason.data or "", language)
