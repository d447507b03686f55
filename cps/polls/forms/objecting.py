"""The form with which somebody objects to a result."""

from wtforms import EmailField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from cps.core.email import BadAddress, normal_email
from cps.core.forms import LONGEST_TEXT, OnceForm, tidy_line, tidy_text
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l


def _is_address(_form: OnceForm, field: EmailField) -> None:
    try:
        field.data = normal_email(field.data or "")
    except BadAddress:
        raise ValidationError(_("Write an address like name@example.org.")) from None


class ObjectionForm(OnceForm):
    """What is wrong with a result, and where to send the answer."""

    body = TextAreaField(
        _l("What is wrong with this result?"),
        [
            DataRequired(_l("Say what is wrong with the result.")),
            Length(max=LONGEST_TEXT, message=_l("That is too long; %(max)d letters at most.")),
        ],
        filters=[tidy_text],
        description=_l("Everybody can read this. Name what you saw; leave out your receipt code."),
    )
    email = EmailField(
        _l("E-mail address for the answer"),
        [Optional(), Length(max=254), _is_address],
        filters=[tidy_line],
        description=_l("Only the city sees it."),
    )
