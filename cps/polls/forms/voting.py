"""What voters type: their marks, in polls that ask for them ward and age, and a receipt code."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField, SelectMultipleField, StringField

from cps.core.forms import Form, add_error, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import money, number
from cps.polls import ballot, receipt
from cps.polls.ballot import BallotError, Choice, Why
from cps.polls.eligibility import Facts
from cps.polls.specification import Specification, Who
from cps.polls.wording import NO_BALLOT

BLANK_MARK = "-"
"""Marks the blank vote; no option has this code."""
LONGEST_CODE = 80
OLDEST = 130


class BallotForm(Form):
    """Marks, in a ranking one for each rank from the first down, and what a poll lets people declare."""

    choice = SelectMultipleField(_l("Your choice"), validate_choice=False)
    ward = SelectField(_l("The ward you live in"), validate_choice=False, filters=[tidy_line])
    age = StringField(_l("Your age on the day the poll closes"), filters=[tidy_line])

    wards: Sequence[tuple[str, str]] = ()
    """The wards on offer: (code, name)."""

    def offer_wards(self, wards: Sequence[tuple[str, str]]) -> None:
        """Offer these wards: (code, name)."""
        self.wards = wards
        self.ward.choices = [("", _("Choose")), *wards]

    def marks(self) -> list[str]:
        """Return every mark that says something."""
        return [mark.strip() for mark in self.choice.data or [] if mark.strip()]

    def read_choice(self, specification: Specification) -> Choice | None:
        """Return the choice; None where the marks are no ballot, which the form then says."""
        marks = self.marks()
        options = [mark for mark in marks if mark != BLANK_MARK]
        if not marks:
            add_error(self.choice, _("Choose an option, or the blank vote at the end."))
            return None
        if options and len(options) < len(marks):
            add_error(self.choice, _("You chose options and the blank vote. Take one of them away."))
            return None
        try:
            return ballot.read_choice(specification, options)
        except BallotError as error:
            add_error(self.choice, refusal(error, specification))
            return None

    def read_facts(self, who: Who) -> Facts | None:
        """Return what the voter declares; None where something needed is missing, which the form says."""
        offered = {code for code, _name in self.wards}
        ward = self.ward.data if self.ward.data in offered else None
        if ward is None and (who.wards is not None or self.ward.data):
            add_error(self.ward, _("Choose the ward you live in."))
        age = _whole_number(self.age.data or "")
        needs_age = who.age_from is not None or who.age_to is not None
        if age is None and (needs_age or self.age.data):
            add_error(self.age, _("Write your age as a number, such as 34."))
        return None if self.ward.errors or self.age.errors else Facts(ward, age)


def refusal(error: BallotError, specification: Specification) -> str:
    """Return in words why marks are no ballot."""
    is_money = error.reason is Why.OVER_BUDGET
    over = money(error.over, specification.currency or "") if is_money else number(error.over)
    return str(NO_BALLOT[error.reason]) % {"over": over}


def _whole_number(text: str) -> int | None:
    if not text.isdecimal() or len(text) > 3:
        return None
    value = int(text)
    return value if value <= OLDEST else None


class ReceiptForm(Form):
    """A receipt code, as somebody typed or pasted it."""

    code = StringField(
        _l("Your receipt code"),
        description=_l("Sixteen letters and digits, as they stood on the page after your vote"),
        filters=[tidy_line],
    )

    parsed: str = ""
    """The code without hyphens once the form is valid."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that it is a code; whether a ballot has it is asked afterwards."""
        valid = bool(super().validate(extra_validators))
        self.parsed = receipt.parse((self.code.data or "")[:LONGEST_CODE]) or ""
        if not self.parsed:
            add_error(self.code, _("This is no receipt code. It looks like K7QF-9XTM-P2JD-VRWA."))
        return valid and not self.errors
