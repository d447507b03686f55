"""The form of two cases side by side: which of them stays, and what the other's reporter reads."""

from wtforms import HiddenField

from cps.core.forms import OnceForm
from cps.core.i18n import lazy_gettext as _l
from cps.triage.forms.base import text_field

THIS, OTHER = "this", "other"


class CompareForm(OnceForm):
    """One press joins either to the other, as both were seen."""

    message = text_field(
        _l("Message"),
        _l("Who reported the case that is joined reads it, and everybody who follows it."),
        _l("Write a message. The resident will read it."),
    )
    this_version = HiddenField()
    other_version = HiddenField()
