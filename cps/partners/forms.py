"""A partner as administrators type it, and the answer of a partner."""

from wtforms import BooleanField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from cps.core.email import LONGEST_EMAIL, BadAddress, normal_email
from cps.core.forms import LONGEST_TEXT, SHORTEN, OnceForm, SeenForm, tidy_line, tidy_text
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.partners.models import Partner
from cps.partners.rules import Facts


class PartnerForm(SeenForm):
    """Name and mail of a partner, in which language it is written to, whether cases may be sent to it."""

    name = StringField(
        _l("Name"),
        description=_l("As officers choose it, and as the story of a case names it."),
        filters=[tidy_line],
        validators=[DataRequired(_l("Write the name.")), Length(max=120, message=SHORTEN)],
    )
    email = StringField(
        _l("E-mail address"),
        description=_l("The links go there. Choose one that several people read."),
        filters=[tidy_line],
        validators=[DataRequired(_l("Write the e-mail address.")), Length(max=LONGEST_EMAIL)],
    )
    language = SelectField(_l("Language of the mails"), validate_choice=False)
    is_active = BooleanField(_l("Cases may be sent to it"), default=True)

    def validate_email(self, field: StringField) -> None:
        """Raise ValidationError for a text that is no address of mail."""
        try:
            normal_email(field.data or "")
        except BadAddress:
            raise ValidationError(_("Write an e-mail address such as name@example.org.")) from None

    def fill(self, partner: Partner) -> None:
        """Show a partner as it is."""
        for name in ("name", "email", "language", "is_active"):
            self[name].data = getattr(partner, name)
        self.version.data = str(partner.version)

    @property
    def facts(self) -> Facts:
        """What a valid form says."""
        languages = [choice[0] for choice in self.language.choices or ()]
        language = self.language.data if self.language.data in languages else ""
        email = normal_email(self.email.data or "")
        return Facts(self.name.data or "", email, language or "", bool(self.is_active.data))


class AnswerForm(OnceForm):
    """What a partner answers, with photos."""

    message = TextAreaField(
        _l("Your message to the city"),
        description=_l("Only the city reads it. It tells the resident what comes of it."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Write a message to the city.")),
            Length(max=LONGEST_TEXT, message=SHORTEN),
        ],
    )
    photos = MultipleFileField(_l("Photos"))
