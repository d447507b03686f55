"""Forms of more time: to promise a later date, and to say yes or no to it."""

from wtforms import SelectField
from wtforms.validators import AnyOf

from cps.core.i18n import lazy_gettext as _l
from cps.triage.forms.base import NO_DATE, DeskForm, text_field
from cps.triage.forms.deciding import YesOrNoForm
from cps.triage.rules import Act


class ExtendForm(DeskForm):
    """Promise a later date, with a public reason and an interim reply to the resident."""

    act = Act.EXTEND

    days = SelectField(_l("Until when?"), validate_choice=False)
    reason = text_field(
        _l("Reason"), _l("Everybody can read it on the case’s page."), _l("Say why. Everybody will read it.")
    )
    message = text_field(
        _l("Reply to the resident"),
        _l("Only the resident reads it: what was done so far, and what happens next."),
        _l("Write an interim reply. The resident will read it."),
    )

    def offer(self, dates: list[tuple[int, str]], hint: str) -> None:
        """Offer these numbers of working days, each with the date it leads to; the hint says how often."""
        self.days.description = hint
        self.days.choices = [("", _l("Choose one")), *((str(days), date) for days, date in dates)]
        self.days.validators = [AnyOf([str(days) for days, _date in dates], message=NO_DATE)]


class DecideForm(YesOrNoForm):
    """Say yes or no to a request for more time."""

    act = Act.DECIDE
    yes, no = _l("Yes, give more time"), _l("No, the date stays")
