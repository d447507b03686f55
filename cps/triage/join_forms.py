"""The form of two cases side by side: which of them stays, and what the other's reporter reads."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from cps.core.forms import LONGEST_TEXT, OnceForm, tidy_text
from cps.core.i18n import lazy_gettext as _l

THIS, OTHER = "this", "other"


class CompareForm(OnceForm):
    """One press joins either to the other, as both were seen."""

    message = TextAreaField(
        _l("Message"),
        description=_l("Who reported the case that is joined reads it, and everybody who follows it."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Write a message. The resident will read it.")),
            Length(max=LONGEST_TEXT, message=_l("This is too long. Please shorten it.")),
        ],
    )
    this_version = HiddenField()
    other_version = HiddenField()
