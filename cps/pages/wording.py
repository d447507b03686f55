"""Words that only these pages use."""

from typing import Any

from cps.cases.wording import status_look
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import ngettext, zone
from cps.core.text_size import TextSize

TEXT_SIZES = {
    TextSize.NORMAL: _l("Normal letters"),
    TextSize.LARGE: _l("Large letters"),
    TextSize.LARGER: _l("Very large letters"),
}


def done_in(row: Any) -> str:
    """Return how a closed case of a list ended and how fast: Fixed in 2 days."""
    outcome = str(status_look(row.status, row.outcome).word)
    end, start = (at.astimezone(zone()).date() for at in (row.closed_at, row.received_at))
    days = (end - start).days
    if days <= 0:
        return _("%(outcome)s on the same day", outcome=outcome)
    return ngettext("%(outcome)s in %(num)s day", "%(outcome)s in %(num)s days", days, outcome=outcome)
