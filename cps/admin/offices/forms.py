"""The forms of a department, in every language of the city."""

from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar

from wtforms import SelectField, StringField
from wtforms.validators import AnyOf, Length, Optional

from cps.accounts.phone_fields import is_mail_address
from cps.admin.forms.base import CHOOSE, Choices, RuleForm, all_texts, show_texts, text_fields
from cps.core.email import normal_email
from cps.core.forms import SHORTEN, tidy_line
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments.models import Department
from cps.departments.specs import DepartmentSpec

LONGEST_NAME, LONGEST_ABOUT, LONGEST_PHONE = 80, 400, 40


class DepartmentForm(RuleForm):
    """What everybody reads of a department; made by `department_form` for a city's languages."""

    languages: ClassVar[tuple[str, ...]] = ()

    phone = StringField(
        _l("Phone"),
        [Length(max=LONGEST_PHONE, message=SHORTEN)],
        filters=[tidy_line],
        description=_l("Residents read it. Empty: they read the number of the city."),
    )
    email = StringField(
        _l("E-mail address"),
        [Optional(), is_mail_address],
        filters=[tidy_line],
        description=_l("Where the department itself gets mail; not shown."),
    )

    def spec(self, row: Department | None, code: str) -> DepartmentSpec:
        """Return what a valid form asks for; what it does not ask stays as it was."""
        return DepartmentSpec(
            code,
            all_texts(self, "name", self.languages, row.name if row else {}),
            about=all_texts(self, "about", self.languages, row.about if row else {}),
            email=normal_email(self.email.data) if self.email.data else "",
            phone=self.phone.data or "",
            is_triage=row.is_triage if row else False,
            is_active=row.is_active if row else True,
        )

    def show(self, row: Department) -> None:
        """Show a department as it stands."""
        show_texts(self, "name", self.languages, row.name)
        show_texts(self, "about", self.languages, row.about)
        self.phone.data, self.email.data = row.phone, row.email


class CloseForm(RuleForm):
    """Who takes over."""

    successor = SelectField(_l("Who takes over?"), validate_choice=False)

    def offer(self, departments: Choices, *, may_be_nobody: bool) -> None:
        """Offer these departments by their codes, and nobody where nothing is left to take over."""
        nobody = [("", str(_("Nobody: nothing is left")))] if may_be_nobody else [("", str(_("Choose one")))]
        self.successor.choices = [*nobody, *departments]
        codes = [code for code, _name in departments]
        self.successor.validators = [AnyOf(["", *codes] if may_be_nobody else codes, message=CHOOSE)]


def department_form(languages: Sequence[str]) -> type[DepartmentForm]:
    """Return the form for a city that speaks these languages, its own first."""
    return _made(tuple(languages), current_language())


@lru_cache(maxsize=64)
def _made(languages: tuple[str, ...], _language: str) -> type[DepartmentForm]:
    fields = {
        "languages": languages,
        **text_fields("name", _("Name"), languages, most=LONGEST_NAME,
                      missing=_l("Give the department a name.")),
        **text_fields("about", _("What it does"), languages, most=LONGEST_ABOUT, rows=2,
                      hint=_("Residents read it on the page about the city.")),
    }  # fmt: skip
    return type("DepartmentFormOfCity", (DepartmentForm,), fields)
