"""Forms of whose a case is: given back, handed on, accepted, refused, one for the integrity officers."""

from wtforms import SelectField
from wtforms.validators import AnyOf

from cps.cases.about_staff_fields import AboutStaffFields
from cps.core.i18n import lazy_gettext as _l
from cps.triage.forms.base import LONGEST_NAME, NO_DEPARTMENT, DeskForm, line_field, text_field
from cps.triage.rules import Act


class ReleaseForm(DeskForm):
    """Give the case back."""

    act = Act.RELEASE


class TransferForm(DeskForm):
    """Hand the case to another department."""

    act = Act.TRANSFER

    department = SelectField(_l("To which department?"), validate_choice=False)
    reason = text_field(
        _l("Reason"),
        _l("Everybody can read it. The due date stays."),
        _l("Say why. The resident will read it."),
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
    whose = line_field(_l("Or who outside the city"), LONGEST_NAME)
    reason = text_field(
        _l("Reason"),
        _l("Everybody can read it. The case goes back to be sorted, and its date stays."),
        _l("Say why. The resident will read it."),
    )

    def offer(self, departments: list[tuple[str, str]]) -> None:
        """Offer these departments, and to know none."""
        self.department.choices = [("", _l("I do not know")), *departments]
        codes = ["", *(code for code, _name in departments)]
        self.department.validators = [AnyOf(codes, message=NO_DEPARTMENT)]


class AboutStaffForm(AboutStaffFields, DeskForm):
    """Hand a case to the integrity officers."""

    act = Act.ABOUT_STAFF
