"""What forms share that say yes or no to something a colleague asked for."""

from typing import Any, ClassVar

from wtforms import RadioField
from wtforms.validators import AnyOf, ValidationError

from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.triage.forms.base import DeskForm, text_field

YES, NO = "yes", "no"


class YesOrNoForm(DeskForm):
    """A decision; a no has its reason."""

    yes: ClassVar[Any]
    no: ClassVar[Any]

    decision = RadioField(
        _l("Your decision"),
        validate_choice=False,
        validators=[AnyOf([YES, NO], message=_l("Choose yes or no."))],
    )
    message = text_field(_l("Why not"), _l("Only for a no. Staff read it."))

    def offer(self) -> None:
        """Offer yes and no."""
        self.decision.choices = [(YES, self.yes), (NO, self.no)]

    def validate_message(self, field: Any) -> None:
        """Refuse a no without a reason."""
        if self.decision.data == NO and not field.data:
            raise ValidationError(_("Say why not, so that your colleague knows what to mend."))

    @property
    def is_granted(self) -> bool:
        """Whether it is a yes."""
        return bool(self.decision.data == YES)
