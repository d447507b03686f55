"""The switch that lets sure suggestions be applied by themselves."""

from wtforms import BooleanField

from cps.admin.forms.base import RuleForm
from cps.core.i18n import lazy_gettext as _l


class SuggestionsForm(RuleForm):
    """Whether what is sure enough is applied when a complaint is filed."""

    applies = BooleanField(
        _l("Apply sure suggestions when a complaint is filed"),
        description=_l("Staff read it in the story of the case. Never where questions were answered."),
    )
