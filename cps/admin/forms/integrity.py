"""The form that names who may read who reported complaints about staff."""

from collections.abc import Sequence

from wtforms import Field, SelectField
from wtforms.validators import AnyOf, ValidationError

from cps.admin.forms.base import CHOOSE, RuleForm
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l


class ReadersForm(RuleForm):
    """The two people at most."""

    first = SelectField(_l("First person"), validate_choice=False)
    second = SelectField(_l("Second person"), validate_choice=False)

    def offer(self, officers: Sequence[tuple[str, str]]) -> None:
        """Offer these integrity officers, by account."""
        for item in (self.first, self.second):
            item.choices = [("", _l("Nobody")), *officers]
            item.validators = [AnyOf(["", *(key for key, _name in officers)], message=CHOOSE)]

    def validate_second(self, field: Field) -> None:
        """Refuse the same person twice: one alone would look like two."""
        if field.data and field.data == self.first.data:
            raise ValidationError(_("Choose two different people, or nobody here."))

    @property
    def chosen(self) -> set[int]:
        """The accounts that were chosen."""
        return {int(item.data) for item in (self.first, self.second) if item.data}
