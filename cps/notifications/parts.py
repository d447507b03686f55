"""Parts that several letters have: the title of a case and its facts, the foot."""

from dataclasses import dataclass

from cps.cases.models import Case, CaseEvent
from cps.cases.reference import display
from cps.cases.rules import Status
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.notifications.letters import Part, facts, link, words
from cps.notifications.links import REPLIES_TO
from cps.notifications.rules import Reader


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the links of a letter about a case lead.

    `is_secret` says that `case` opens it to whoever has the address. `joined_to` leads to the case it was
    joined to. `unsubscribe` is only for followers.
    """

    case: str
    is_secret: bool = False
    joined_to: str = ""
    unsubscribe: str = ""


def title_of(case: Case) -> tuple[Part, ...]:
    """Return the title of a case; about staff or corruption it stands only on the page."""
    return () if case.is_integrity else (Part("title", case.title, case.language),)


def promise(case: Case, state: str = "") -> Part:
    """Return the facts of a case: where it stands, its number, who has it, what was promised."""
    until = i18n.long_date(case.due_at) if case.is_open else ""
    gathers = case.status is Status.GATHERING
    return facts(
        (_("Now"), state),
        (_("Number"), display(case.reference)),
        (_("Who has it"), i18n.localized(case.department.name) if case.is_open and not gathers else ""),
        (_("Gathers support until") if gathers else _("Answer promised by"), until),
    )


def answers_to_tap(event: CaseEvent) -> tuple[Part, ...]:
    """Return the short answers that a question offers; on the page each is a button."""
    choices = (event.data or {}).get("choices") or []
    if not choices or event.case.is_integrity:
        return ()
    offered = " · ".join(f"“{choice}”" for choice in choices)
    return (words(_("On the page you can answer with one tap: %(choices)s", choices=offered)),)


def secrecy(ends: Ends) -> tuple[Part, ...]:
    """Return what is to be said of a link that opens the case to whoever has it."""
    if not ends.is_secret:
        return ()
    return (words(_("The link is for you alone: whoever has it can speak for you. Do not pass it on.")),)


def foot(city: CityFacts, reader: Reader | None = None, unsubscribe: str = "") -> tuple[Part, ...]:
    """Return what stands under a letter: why it came, how to stop it, whom to call."""
    why = {
        Reader.REPORTER: _("You get this mail because you sent this to the city."),
        Reader.JOINED: _("You get this mail because you told the city of the same thing."),
        Reader.FOLLOWER: _("You get this mail because you follow this case."),
    }
    parts = [words(why[reader])] if reader else []
    if unsubscribe:
        parts.append(link(_("Stop these mails"), unsubscribe))
    parts.append(words(_how_to_answer(city, reader)))
    if city.phone:
        parts.append(words(_("Would you rather call? %(phone)s", phone=city.phone)))
    return (*parts, words(i18n.localized(city.name)))


def _how_to_answer(city: CityFacts, reader: Reader | None) -> str:
    if reader is Reader.REPORTER and city.settings.get(REPLIES_TO):
        return _("You can answer this mail: what you write lands in your case.")
    return _("Please do not answer this mail: nobody reads what is sent there.")
