"""What people type to show that they are in the register, and clerks to say so."""

from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from cps.accounts.rules import LONGEST_NAME, IdentityKind, read_code
from cps.core.crockford import grouped
from cps.core.email import BadAddress, normal_email
from cps.core.forms import Form, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.own_path import own_path
from cps.residents.fields import is_readable
from cps.residents.rules import (
    Seen,
    Unreadable,
    normal_name,
    normal_number,
    read_letter_code,
    read_typed_birth_date,
)
from cps.residents.wording import DOCUMENTS, FAULTS


def _birth_date() -> StringField:
    """Return a field for a birth date; each form sets it where its page asks, for the order of errors."""
    return StringField(
        _l("Birth date"),
        [DataRequired(_l("Write the birth date."))],
        filters=[tidy_line],
        description=_l("Year, month, day, such as 1990-05-17 or 19900517."),
    )


class BornForm(Form):
    """A birth date, not after today."""

    def __init__(self, *, today: date, **kw: Any) -> None:
        super().__init__(**kw)
        self._today = today

    def validate_born_on(self, field: StringField) -> None:
        """Refuse what is no date that somebody alive was born on."""
        try:
            self.birth_date = read_typed_birth_date(field.data or "", today=self._today)
        except Unreadable as bad:
            raise ValidationError(str(FAULTS[bad.fault])) from None


class LetterForm(BornForm):
    """The code of a letter, the birth date of whom it was sent to, and where they came from."""

    next = HiddenField(filters=[own_path])
    code = StringField(
        _l("Code from the letter"),
        [DataRequired(_l("Write the code from the letter."))],
        filters=[tidy_line],
        description=_l(
            "Twelve letters and digits like K7QF-9XTM-P2JD, large or small, with or without hyphens."
        ),
    )
    born_on = _birth_date()

    def validate_code(self, field: StringField) -> None:
        """Accept twelve signs as people copy them; give them back as they are printed."""
        code = read_letter_code(field.data or "")
        if code is None:
            raise ValidationError(_("The code has twelve letters and digits, like K7QF-9XTM-P2JD."))
        self.letter_code = code
        field.data = grouped(code)


class WhoForm(Form):
    """Which account is verified: by its address, or by the code its owner shows."""

    who = StringField(
        _l("E-mail address of the account, or the six digits on the phone"),
        [DataRequired(_l("Write the e-mail address or the six digits."))],
        filters=[tidy_line],
    )

    def validate_who(self, field: StringField) -> None:
        """Accept an address, or six digits of any script."""
        self.digits, self.address = read_code(field.data or ""), ""
        if self.digits is None:
            try:
                self.address = normal_email(field.data or "")
            except BadAddress:
                message = _("Write an address like name@example.org, or six digits.")
                raise ValidationError(message) from None


class DocumentForm(BornForm):
    """What the clerk reads from a document; the ward only where the city has brought in no register."""

    person = HiddenField()
    number = StringField(
        _l("Number in the register, or of a city card"),
        [DataRequired(_l("Write the number from the document."))],
        filters=[tidy_line],
        description=_l(
            "As it stands on the document, or as a scanner reads the card’s QR code. It is not stored."
        ),
    )
    born_on = _birth_date()
    ward = SelectField(_l("Ward"), validate_choice=False)

    def __init__(self, *, wards: list[tuple[str, str]], **kw: Any) -> None:
        super().__init__(**kw)
        if wards:  # without a register no card is known, and its number would make a second person
            self.number.label.text = _("Number in the register")
            self.number.description = _("As it stands on the document. It is not stored.")
            self.ward.choices = [("", _("Choose")), *wards]
        else:
            del self.ward

    def validate_number(self, field: StringField) -> None:
        """Refuse what cannot be a number."""
        is_readable(lambda: normal_number(field.data or ""))

    @property
    def ward_code(self) -> str:
        """The chosen ward, or ""."""
        return (self.ward.data or "") if "ward" in self else ""


class OtherDocumentForm(Form):
    """A document that is not of the register: its number, or whose it is, and what the clerk looked at."""

    holder = HiddenField()
    kind = RadioField(_l("What is it?"), [DataRequired(_l("Choose one."))])
    card_number = StringField(
        _l("Number of the document"),
        filters=[tidy_line],
        description=_l("As it stands on the document. It is not stored."),
    )
    full_name = StringField(
        _l("Name on the document"),
        [Length(max=LONGEST_NAME)],
        filters=[tidy_line],
        description=_l("As it stands on the document. It is not stored."),
    )
    birthday = StringField(
        _l("Birth date"),
        filters=[tidy_line],
        description=_l("Year, month, day, such as 1990-05-17 or 19900517."),
    )
    photo = BooleanField(_l("The photo shows the person before me"), [DataRequired(_l("Look at the photo."))])
    valid = BooleanField(
        _l("The document has not run out"),
        [DataRequired(_l("Check the date on it: it must still be valid."))],
    )
    name = BooleanField(
        _l("The person says that this account is theirs"),
        [DataRequired(_l("Ask whether the account is theirs."))],
    )

    def __init__(self, *, today: date, **kw: Any) -> None:
        super().__init__(**kw)
        self._today = today
        self.kind.choices = [(kind.value, name) for kind, name in DOCUMENTS.items()]

    def validate_card_number(self, field: StringField) -> None:
        """Ask for the number of a card."""
        if self.kind.data == IdentityKind.CARD:
            is_readable(lambda: normal_number(field.data or ""))

    def validate_full_name(self, field: StringField) -> None:
        """Ask for the name where there is no number."""
        if self.kind.data == IdentityKind.IN_PERSON:
            is_readable(lambda: normal_name(field.data or ""))

    def validate_birthday(self, field: StringField) -> None:
        """Ask for the birth date where there is no number."""
        if self.kind.data == IdentityKind.IN_PERSON:
            is_readable(lambda: self._read_birthday(field))

    def _read_birthday(self, field: StringField) -> date:
        return read_typed_birth_date(field.data or "", today=self._today)

    @property
    def seen(self) -> Seen:
        """The validated document."""
        if self.kind.data == IdentityKind.CARD:
            return Seen(IdentityKind.CARD, number=self.card_number.data or "")
        return Seen(
            IdentityKind.IN_PERSON, name=self.full_name.data or "", born_on=self._read_birthday(self.birthday)
        )
