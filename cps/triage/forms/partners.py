"""Forms of work outside the city: to send a case to a partner, and to take it back."""

from wtforms import SelectField, SelectMultipleField
from wtforms.validators import AnyOf

from cps.core.i18n import lazy_gettext as _l
from cps.triage.forms.base import DeskForm, resident_message, text_field
from cps.triage.rules import Act


class PartnerForm(DeskForm):
    """Send a case to a partner outside the city: what to do, what it may see, what the resident reads."""

    act = Act.PARTNER

    partner = SelectField(_l("Which partner?"), validate_choice=False)
    errand = text_field(
        _l("Message to the partner"),
        _l("Only the partner and staff read it."),
        _l("Write what the partner is to do."),
    )
    shares = SelectMultipleField(_l("What the partner also sees"), validate_choice=False)
    message = resident_message()

    def offer(self, partners: list[tuple[str, str]]) -> None:
        """Offer these partners."""
        self.partner.choices = [("", _l("Choose one")), *partners]
        self.partner.validators = [
            AnyOf([key for key, _name in partners], message=_l("Choose a partner from the list."))
        ]


class RecallForm(DeskForm):
    """Take a case back from a partner: its link ends."""

    act = Act.RECALL
