"""What pages say of helpers."""

from collections.abc import Mapping

from cps.cases.models import Case, CaseEvent
from cps.cases.rules import FROM_REPORTER, EventKind
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.helpers.rules import HelperScope

SCOPES = {
    HelperScope.FILED: _l("Only reports that the helper files for me"),
    HelperScope.ALL: _l("All my reports"),
}
"""What a helper sees."""


def helper_in(case: Case, event: CaseEvent, helpers: Mapping[int, str]) -> str:
    """Return which helper did what an event tells, "" where none did; `helpers` are names by account."""
    actor = case.filed_by_id if event.kind is EventKind.FILED else event.actor_id
    name = helpers.get(actor or 0) if event.kind in FROM_REPORTER else None
    return _("by %(name)s, who helps", name=name) if name else ""
