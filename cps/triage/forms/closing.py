"""Forms of the end of a case: how it ends, and that it is opened again."""

from collections.abc import Sequence
from typing import Any

from wtforms import MultipleFileField, RadioField, SelectField, StringField, SubmitField
from wtforms.validators import AnyOf, DataRequired

from cps.cases.rules import Outcome, Status
from cps.cases.wording import status_look
from cps.core.forms import add_error
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments.models import DeclineReason
from cps.triage.forms.base import LONGEST_NAME, DeskForm, line_field, resident_message, templates
from cps.triage.forms.deciding import YesOrNoForm
from cps.triage.reasons import kept, offered, why_wrong
from cps.triage.rules import Act

LONGEST_REASON = 300
OUTCOMES = (Outcome.FIXED, Outcome.ANSWERED, Outcome.NOT_OURS, Outcome.CANNOT_BE_DONE)


def whose_field() -> StringField:
    """Return the field for who does what is not the city's to do."""
    hint = _l("Only where it is not the city’s to do. Everybody reads it.")
    return line_field(_l("Whose is it?"), LONGEST_NAME, hint)


class ClosingFields:
    """What forms that close cases share: a no has its reason, and what is not the city's says whose it is."""

    whose: StringField
    reason: SelectField
    reasons: Sequence[DeclineReason] = ()

    def offer_reasons(self, reasons: Sequence[DeclineReason]) -> None:
        """Offer the city's reasons for a no."""
        self.reasons = reasons
        self.reason.choices = offered(reasons, OUTCOMES)

    def is_right_for(self, ending: str) -> bool:
        """Return whether an ending has what it needs; what it lacks is said beside its field."""
        wrong = why_wrong(self.reasons, ending, self.reason.data or "")
        if wrong:
            add_error(self.reason, wrong)
        lacks_whose = ending == Outcome.NOT_OURS and not self.whose.data
        if lacks_whose:
            add_error(self.whose, _("Say whose it is, so that the resident knows whom to ask."))
        return not wrong and not lacks_whose

    def told_of(self, ending: str) -> dict[str, Any]:
        """Return what the event of an end keeps besides its words."""
        whose = {"whose": self.whose.data} if ending == Outcome.NOT_OURS else {}
        return {**whose, **kept(self.reasons, ending, self.reason.data or "")}


class CloseForm(ClosingFields, DeskForm):
    """End a case: how, in which words, with which proof."""

    act = Act.CLOSE

    outcome = RadioField(
        _l("How does it end?"),
        validate_choice=False,
        validators=[
            DataRequired(_l("Choose how the case ends.")),
            AnyOf(OUTCOMES, message=_l("Choose how the case ends.")),
        ],
    )
    whose = whose_field()
    reason = SelectField(
        _l("Why not?"),
        description=_l("For a no. The resident reads it in their language, before your words."),
        validate_choice=False,
    )
    template = templates()
    insert_template = SubmitField(_l("Insert"))
    message = resident_message()
    photos = MultipleFileField(_l("Photo of the work"))
    why_no_photo = line_field(_l("Or why there is no photo"), LONGEST_REASON)

    def validate(self, *args: Any, **more: Any) -> bool:
        """Check what was typed, and that the chosen ending has what it needs."""
        right = super().validate(*args, **more)
        return self.is_right_for(str(self.outcome.data)) and right

    def offer(self, reasons: Sequence[DeclineReason]) -> None:
        """Offer the ways in which a complaint ends, and the city's reasons for a no."""
        self.offer_reasons(reasons)
        self.outcome.choices = [(o.value, status_look(Status.CLOSED, o).word) for o in OUTCOMES]

    @property
    def told(self) -> dict[str, Any]:
        """What the event of the end keeps besides its words: the reason for a no, and whose it is."""
        return self.told_of(str(self.outcome.data))


class ReopenForm(DeskForm):
    """Open a closed case again."""

    act = Act.REOPEN

    message = resident_message()


class SecondForm(YesOrNoForm):
    """Say yes or no to an end that a colleague wrote."""

    act = Act.SECOND
    yes, no = _l("Yes, close the case so"), _l("No, the case stays open")
