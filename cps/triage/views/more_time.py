"""More time for a case at the desk: what may be asked for, asking, and the supervisor's answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.clock_models import ExtensionRequest
from cps.cases.models import Case
from cps.cases.rules import clock as rules
from cps.cases.rules.clock import ExtensionRefusal, ExtensionRefused
from cps.cases.services import clock as clocks
from cps.cases.services.extending import may_decide
from cps.cases.wording import EXTENSION_REFUSALS
from cps.core import clock
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import long_date, ngettext

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class MoreTimeAtDesk:
    """Whether a case may get more time: why not, or until when; and the request that waits."""

    why_not: ExtensionRefusal | None
    request: ExtensionRequest | None = None
    dates: list[tuple[int, str]] = field(default_factory=list)
    decides: bool = False
    needs_supervisor: bool = False
    is_last: bool = False

    @property
    def may_decide(self) -> bool:
        """Whether a request waits for the person who is looking."""
        return self.request is not None and self.decides

    @property
    def hint(self) -> str:
        """How often a date can be moved, and who has to agree."""
        often = (
            _("A date can be moved twice, with a reason that everybody reads. This is the second time.")
            if self.is_last
            else _("A date can be moved twice, with a reason that everybody reads. This is the first time.")
        )
        agrees = _("A supervisor has to say yes before it counts.") if self.needs_supervisor else ""
        return f"{often} {agrees}".strip()

    @property
    def why_not_in_words(self) -> str:
        """Why there is no button, where that is worth saying: not of a case whose clock does not run."""
        is_said = self.why_not not in {None, ExtensionRefusal.NOT_RUNNING}
        return str(EXTENSION_REFUSALS[self.why_not]) if is_said and self.why_not else ""


def more_time_for(case: Case) -> MoreTimeAtDesk:
    """Return what the desk shows of a case about more time."""
    if not case.is_open or case.clock_started_at is None:
        return MoreTimeAtDesk(ExtensionRefusal.NOT_RUNNING)
    request = cases.waiting_request(case.id)
    decides = may_decide(case, current_user)
    why_not = rules.why_not_extended(clocks.standing(case, request_waits=request is not None), clock.now())
    if why_not is not None:
        return MoreTimeAtDesk(why_not, request, decides=decides)
    settings, calendar, number = clocks.settings(), clocks.calendar().now, case.extensions + 1
    ends = [
        (days, rules.extended(case.due_at, days, calendar)) for days in range(1, settings.extension_days + 1)
    ]
    asks = rules.needs_supervisor(number, settings) and not decides
    return MoreTimeAtDesk(
        None,
        dates=[(days, _date_in_words(days, long_date(end))) for days, end in ends],
        needs_supervisor=asks,
        is_last=number == rules.MOST_EXTENSIONS,
    )


def _date_in_words(days: int, date: str) -> str:
    return ngettext(
        "%(date)s, %(num)s working day more", "%(date)s, %(num)s working days more", days, date=date
    )


def in_words(act: Callable[[], Done]) -> Done:
    """Do something about more time; raises RuleViolation with a sentence where the rules refuse it."""
    try:
        return act()
    except ExtensionRefused as refused:
        raise RuleViolation(str(EXTENSION_REFUSALS[refused.reason])) from None
