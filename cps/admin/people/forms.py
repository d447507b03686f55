"""The forms with which administrators look after accounts, and the one that answers an invitation."""

from typing import Any

from wtforms import PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, DataRequired, Length

from cps.accounts.password_fields import check_password
from cps.accounts.passwords import SHORTEST_PASSWORD
from cps.accounts.phone_fields import is_mail_address, is_mail_or_phone, normal_address
from cps.accounts.rules import LONGEST_NAME, STAFF_ROLES, Role
from cps.accounts.wording import ROLE_NAMES
from cps.admin.forms.base import CHOOSE, Choices, RuleForm
from cps.admin.people.rules import Access
from cps.core.email import normal_email
from cps.core.forms import SHORTEN, Form, tidy_line
from cps.core.i18n import lazy_gettext as _l


class AccessForm(RuleForm):
    """What somebody is, and where they work."""

    roles = SelectMultipleField(_l("Roles"), validate_choice=False)
    departments = SelectMultipleField(
        _l("Departments"),
        description=_l("Officers, supervisors and call agents work in departments; the others in none."),
        validate_choice=False,
    )

    def offer(self, departments: Choices) -> None:
        """Offer every role of staff, and these departments by their codes."""
        self.roles.choices = [(role.value, str(ROLE_NAMES[role])) for role in Role if role in STAFF_ROLES]
        self.departments.choices = list(departments)

    @property
    def access(self) -> Access:
        """What was ticked; what is not offered is left out."""
        roles = {Role(role) for role in _ticked(self.roles)}
        return Access(frozenset(roles), frozenset(_ticked(self.departments)))

    def show(self, access: Access) -> None:
        """Show what somebody is now."""
        self.roles.data, self.departments.data = sorted(access.roles), sorted(access.departments)


class InviteForm(AccessForm):
    """Whom to invite, and as what."""

    email = StringField(
        _l("E-mail address"),
        [DataRequired(_l("Write the e-mail address of who is invited.")), is_mail_address],
        filters=[tidy_line],
        description=_l("The invitation goes there, and with this address they sign in."),
    )
    name = StringField(
        _l("Name"),
        [DataRequired(_l("Write how they are called.")), Length(max=LONGEST_NAME, message=SHORTEN)],
        filters=[tidy_line],
    )
    language = SelectField(_l("Language of pages and mails"), validate_choice=False)

    def offer_languages(self, languages: Choices) -> None:
        """Offer these languages by their codes."""
        self.language.choices = list(languages)
        self.language.validators = [AnyOf([code for code, _name in languages], message=CHOOSE)]

    @property
    def address(self) -> str:
        """The normal form of the validated address."""
        return normal_email(self.email.data or "")


class FindForm(Form):
    """The whole address or number of an account."""

    email = StringField(
        _l("E-mail or phone number"),
        [DataRequired(_l("Write the whole address or number.")), is_mail_or_phone],
        filters=[tidy_line],
    )

    @property
    def address(self) -> str:
        """The normal form of what was validated."""
        return normal_address(self.email.data or "")


class AcceptForm(Form):
    """A password of one's own; not asked of who has an account already."""

    password = PasswordField(
        _l("Password"),
        [DataRequired(_l("Write a new password."))],
        description=_l(
            "%(least)s characters or more. Four words in a row are good.", least=SHORTEST_PASSWORD
        ),
    )

    def __init__(self, *, email: str, has_account: bool, **more: Any) -> None:
        super().__init__(**more)
        self._email = email
        if has_account:
            del self.password

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that is guessed easily."""
        check_password(field.data or "", email=self._email)


def _ticked(field: SelectMultipleField) -> list[str]:
    offered = {choice[0] for choice in field.choices or ()}
    return [value for value in field.data or () if value in offered]
