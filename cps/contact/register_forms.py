"""What a clerk types of somebody who wants an account, and what the person agrees to."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from cps.accounts.phone_fields import is_mail_or_phone, normal_address
from cps.accounts.rules import LONGEST_NAME, IdentityKind, read_code
from cps.contact.rules import PAPERS, Newcomer, Paper
from cps.contact.wording import HELPERS_SEE
from cps.core import city as cities
from cps.core.forms import TOO_LONG, OnceForm, tidy_line
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.helpers.rules import HelperScope
from cps.residents.fields import is_readable
from cps.residents.rules import normal_name, normal_number, read_typed_birth_date
from cps.residents.wording import DOCUMENTS

NOBODY = ""
PAPER_NAMES = {
    IdentityKind.REGISTER: _l("A document with the number in the register, or a card of the city"),
    IdentityKind.CARD: _l("Another document with a number, such as a passport"),
    IdentityKind.IN_PERSON: DOCUMENTS[IdentityKind.IN_PERSON],
}


NUMBERED = {IdentityKind.REGISTER, IdentityKind.CARD}
DATED = {IdentityKind.REGISTER, IdentityKind.IN_PERSON}
"""Papers of which the number, and the birth date, are asked for; of one not chosen yet neither."""


class NewcomerForm(OnceForm):
    """Who somebody is, how the city reaches them, what they show, and who shall help them."""

    name = StringField(
        _l("Name"),
        [DataRequired(_l("Write the name.")), Length(max=LONGEST_NAME, message=TOO_LONG)],
        filters=[tidy_line],
        description=_l("As it stands on the document."),
    )
    address = StringField(
        _l("E-mail or phone number"),
        [DataRequired(_l("Write an e-mail address or a mobile number.")), is_mail_or_phone],
        filters=[tidy_line],
        description=_l("They sign in with it. We send a code there, which they read to you now."),
    )
    language = SelectField(_l("Language"), description=_l("You read to them, and the city writes, in it."))
    kind = RadioField(_l("What do they show?"), [DataRequired(_l("Choose what they show."))])
    number = StringField(
        _l("Number"),
        filters=[tidy_line],
        description=_l("As it stands there, or as a scanner reads the card’s QR code. It is not stored."),
    )
    born_on = StringField(
        _l("Birth date"),
        filters=[tidy_line],
        description=_l("Year, month, day, such as 1990-05-17. Not needed for a passport or the like."),
    )
    ward = SelectField(_l("Ward of the address on the document"), validate_choice=False)
    photo = BooleanField(_l("The photo shows the person before me"), [DataRequired(_l("Look at the photo."))])
    valid = BooleanField(
        _l("The document has not run out"),
        [DataRequired(_l("Check the date on it: it must still be valid."))],
    )
    helper = SelectField(_l("A helper"), description=_l("The code for them stands on the slip."))

    def __init__(self, *, today: date, wards: Iterable[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self._today = today
        city = cities.get()
        self.language.choices = [(code, OWN_NAMES[code]) for code in city.languages]
        self.language.data = self.language.data or city.default_language
        self.kind.choices = [(kind.value, PAPER_NAMES[kind]) for kind in PAPERS]
        scopes = [(scope.value, str(words)) for scope, words in HELPERS_SEE.items()]
        self.helper.choices = [(NOBODY, _("Nobody")), *scopes]
        self.helper.data = self.helper.data or NOBODY
        self.ward.choices = [("", _("Choose")), *wards]
        if len(self.ward.choices) == 1:
            del self.ward

    def validate_name(self, field: StringField) -> None:
        """Refuse a name of nothing that could be read on a document."""
        is_readable(lambda: normal_name(field.data or ""))

    def validate_number(self, field: StringField) -> None:
        """Ask for the number, where the paper has one."""
        if self.kind.data in NUMBERED:
            is_readable(lambda: normal_number(field.data or ""))

    def validate_born_on(self, field: StringField) -> None:
        """Ask for the birth date, but for a document with a number of its own."""
        if self.kind.data in DATED:
            is_readable(lambda: self._read_born_on(field))

    def _read_born_on(self, field: StringField) -> date:
        return read_typed_birth_date(field.data or "", today=self._today)

    @property
    def normal(self) -> str:
        """The validated address in its one form."""
        return normal_address(self.address.data or "")

    def newcomer(self, ward_id: int | None) -> Newcomer:
        """Return whom the valid form describes."""
        kind = IdentityKind(self.kind.data)
        is_card = kind is IdentityKind.CARD
        paper = Paper(
            kind,
            number="" if kind is IdentityKind.IN_PERSON else self.number.data or "",
            born_on=None if is_card else self._read_born_on(self.born_on),
            ward_id=ward_id,
        )
        helper = HelperScope(self.helper.data) if self.helper.data else None
        return Newcomer(self.name.data or "", self.normal, self.language.data, paper, helper)


class AgreedForm(NewcomerForm):
    """The same once it was read back: the person agrees, and reads the code of the message."""

    consent = BooleanField(
        _l("I have read this aloud, and the person agrees"),
        [DataRequired(_l("Read it aloud and ask. Without a yes there is no account."))],
    )
    code = StringField(
        _l("Code from the message"),
        [DataRequired(_l("Let the person read you the six digits."))],
        filters=[tidy_line],
    )

    def validate_code(self, field: StringField) -> None:
        """Accept digits of every script, with or without spaces."""
        if read_code(field.data or "") is None:
            raise ValidationError(_("The code has six digits."))

    @property
    def digits(self) -> str:
        """The validated code as six digits 0–9."""
        return read_code(self.code.data or "") or ""
