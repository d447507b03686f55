"""What reminds reporters of a question; it speaks the language of the running context."""

from datetime import datetime

from cps.cases.models import Case, CaseEvent
from cps.cases.reference import display
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.notifications.letters import Letter, Part, facts, link, words
from cps.notifications.parts import Ends, answers_to_tap, foot, secrecy, title_of
from cps.notifications.rules import Reader


def reminder_letter(city: CityFacts, event: CaseEvent, until: datetime, ends: Ends) -> Letter:
    """Return the letter that the city still waits for an answer; it names its last day."""
    case = event.case
    about = f"({i18n.in_order(display(case.reference))})" if case.is_private else f"– {case.title}"
    asks = () if case.is_integrity or not event.message else (Part("quote", event.message, event.language),)
    return Letter(
        _("The city waits for your answer %(about)s", about=about),
        (
            words(_("A reminder: the city asked you something about this and has no answer yet.")),
            *title_of(case),
            *asks,
            *answers_to_tap(event),
            facts((_("Number"), display(case.reference)), (_("Please reply until"), i18n.long_date(until))),
            link(_("Answer the city"), ends.case),
            *secrecy(ends),
        ),
        foot(city, Reader.REPORTER),
    )


def reminder_text(city: CityFacts, case: Case, until: datetime, page: str) -> str:
    """Return the same as a text message."""
    says = _(
        "%(city)s waits for your answer (%(reference)s) until %(date)s.",
        city=i18n.localized(city.name),
        reference=display(case.reference),
        date=i18n.short_date(until),
    )
    return f"{says}\n{page}"
