"""Letters to partners, and about departments that are silent; they speak the running context's language."""

from datetime import datetime

from cps.cases.models import Case
from cps.cases.reference import display
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.departments.models import Department
from cps.notifications.letters import Letter, Part, facts, link, words
from cps.partners.models import PartnerLink


def partner_letter(city: CityFacts, sent: PartnerLink, case: Case, page: str) -> Letter:
    """Return the letter by which a partner gets a case; what it is about stands behind the link alone."""
    asks = _("%(city)s asks you for your part in a case", city=i18n.localized(city.name))
    return Letter(
        f"{asks} ({display(case.reference)})",
        (
            words(_("%(department)s writes:", department=i18n.localized(case.department.name))),
            Part("quote", sent.message, sent.language),
            facts(
                (_("Number"), display(case.reference)),
                (_("Answer promised by"), i18n.long_date(case.due_at)),
                (_("The link opens until"), i18n.long_date(sent.expires_at)),
            ),
            link(_("Open the case"), page),
            words(_("No account is needed. You see the case, answer in words or photos, or send it back.")),
            words(_("The link is for you alone: whoever has it can answer for you.")),
        ),
        (
            words(_("You get this mail because you are a partner of the city.")),
            words(i18n.localized(city.name)),
        ),
    )


def silence_letter(city: CityFacts, department: Department, since: datetime, page: str) -> Letter:
    """Return the letter that nobody has opened the new cases of a department for too long."""
    name = i18n.localized(department.name)
    return Letter(
        _("Nobody looks at new cases: %(department)s", department=name),
        (
            words(_("Nobody of this department has opened what is new for longer than the city allows:")),
            facts((_("Department"), name), (_("The oldest came"), i18n.date_time(since))),
            link(_("Open the morning report"), page),
        ),
        (words(_("You get this mail because you work for the city.")), words(i18n.localized(city.name))),
    )
