"""Letters to staff about the clock of a case. They speak the language of the running context."""

from collections.abc import Mapping
from typing import Any

from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.rules import EscalationStep
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.notifications.letters import Letter, Part, facts, link, words

SUBJECTS: Mapping[EscalationStep, Any] = {
    EscalationStep.UNSEEN: _l("Nobody has looked at it in time"),
    EscalationStep.REMINDER: _l("Soon due"),
    EscalationStep.LATE: _l("Late"),
    EscalationStep.PUBLIC: _l("Late, and on the public list"),
}
SAYS: Mapping[EscalationStep, Any] = {
    EscalationStep.UNSEEN: _l("Nobody of the city has looked at this case yet, which was promised by now:"),
    EscalationStep.REMINDER: _l("An answer to this case is due soon:"),
    EscalationStep.LATE: _l("The answer to this case was promised by now, and it has none:"),
    EscalationStep.PUBLIC: _l("This case still has no answer. It stands on the public list of what is late:"),
}


def escalation_letter(city: CityFacts, case: Case, step: EscalationStep, page: str) -> Letter:
    """Return the letter about one step of escalation."""
    return _letter(city, case, str(SUBJECTS[step]), str(SAYS[step]), _("Open the case"), page)


def request_letter(city: CityFacts, case: Case, page: str) -> Letter:
    """Return the letter to supervisors that somebody asks for more time."""
    says = _("An officer asks for more time for this case. It counts once you say yes:")
    return _letter(city, case, _("More time asked for"), says, _("Decide"), page)


def second_letter(city: CityFacts, case: Case, page: str) -> Letter:
    """Return the letter to supervisors that an end needs a second pair of eyes."""
    says = _(
        "An officer wants to close this case, which needs a second pair of eyes. It is closed on your yes:"
    )
    return _letter(city, case, _("Second pair of eyes wanted"), says, _("Check the closing"), page)


def _letter(city: CityFacts, case: Case, what: str, says: str, action: str, page: str) -> Letter:
    """Return a letter to staff; the subject of a private case names only its number."""
    about = f"({display(case.reference)})" if case.is_private else f"– {case.title}"
    title = () if case.is_integrity else (Part("title", case.title, case.language),)
    return Letter(
        f"{what} {about}",
        (
            words(says),
            *title,
            facts(
                (_("Number"), display(case.reference)),
                (_("Department"), i18n.localized(case.department.name)),
                (_("Answer promised by"), i18n.date_time(case.due_at)),
            ),
            link(action, page),
        ),
        (words(_("You get this mail because you work for the city.")), words(i18n.localized(city.name))),
    )
