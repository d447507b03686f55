"""Who else gets the morning report, as administrators type it."""

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from cps.core.email import LONGEST_EMAIL, BadAddress, normal_email
from cps.core.forms import Form, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l


def is_address(_form: Form, field: StringField) -> None:
    """Raise ValidationError for a text that is no address of mail."""
    try:
        normal_email(field.data or "")
    except BadAddress:
        raise ValidationError(_("Write an e-mail address such as name@example.org.")) from None


class ReaderForm(Form):
    """An address that gets the report of all departments, and in which language."""

    email = StringField(
        _l("E-mail address"),
        description=_l("The mayor’s, for one. Whoever gets the report can stop it by a link in each mail."),
        filters=[tidy_line],
        validators=[DataRequired(_l("Write the e-mail address.")), Length(max=LONGEST_EMAIL), is_address],
    )
    language = SelectField(_l("Language of the report"))
