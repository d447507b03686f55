"""What is answered to short messages, in the language of the running context; as short as can be."""

from collections.abc import Sequence

from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.wording import status_look
from cps.channels.orders import WORDS, Verb
from cps.channels.rules import Incoming, Why
from cps.core import i18n, text
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.sms_text import Alphabet, alphabet
from cps.notifications import links

LONGEST_CITY = 20
WORDS_OF_THE_CITY = {Alphabet.GSM_7: 100, Alphabet.UCS_2: 50}

STATES = {
    Incoming.LANDED: _l("A new case"),
    Incoming.JOINED: _l("A reply in its case"),
    Incoming.ANSWERED: _l("Answered at once"),
    Incoming.NOTED: _l("Written down"),
    Incoming.REFUSED: _l("Refused"),
    Incoming.QUARANTINED: _l("Set apart"),
}
WHY = {
    Why.BLOCKED: _l("the sender is blocked"),
    Why.TOO_MANY: _l("too many came from this sender"),
    Why.EMPTY: _l("it says nothing that can be read"),
    Why.NOT_REPORTER: _l("it is about a case that somebody else reported"),
    Why.AUTOMATIC: _l("a machine wrote it"),
    Why.MAILING_LIST: _l("it went to a mailing list"),
    Why.FORGED: _l("its sender is not who it says"),
    Why.NO_SENDER: _l("it does not say who sent it"),
    Why.OWN_MAIL: _l("it is one of our own mails"),
    Why.BOUNCE: _l("a mail of ours came back"),
    Why.DELAYED: _l("a mail of ours is on its way for long"),
    Why.DOUBLE: _l("the same words came a moment before"),
    Why.STOPPED: _l("no more text messages are wanted"),
    Why.INCOMPLETE: _l("pieces of it did not come"),
}


def how_it_stands(city: CityFacts, case: Case, said: str, *, is_private: bool) -> str:
    """Return how a case stands: its state, by when it is answered, and what the city said last."""
    stands = _("%(city)s: %(reference)s – %(state)s.", city=_city(city), reference=display(case.reference),
               state=str(status_look(case.status, case.outcome).word))  # fmt: skip
    due = _("Answer promised by %(day)s.", day=i18n.short_date(case.due_at)) if case.is_open else ""
    words = "" if is_private or not said else text.excerpt(said, WORDS_OF_THE_CITY[alphabet(said)])
    return _lines(stands, due, words, links.case_link(case))


def no_such_case(city: CityFacts) -> str:
    """Return that no case has this number."""
    return _("%(city)s: there is no case with this number. Please compare it.", city=_city(city))


def mistyped(city: CityFacts) -> str:
    """Return that the number cannot be one."""
    return _(
        "%(city)s: one digit of the number is wrong or missing. It has twelve digits, like 2611-4839-1260.",
        city=_city(city),
    )


def needs_pin(city: CityFacts, reference: str) -> str:
    """Return that a private case is told only with its PIN."""
    return _(
        "%(city)s: this case is private. Send %(command)s with its PIN: %(command)s %(reference)s 1234",
        city=_city(city),
        command=command(Verb.STATUS),
        reference=display(reference),
    )


def wrong_pin(city: CityFacts) -> str:
    """Return that the PIN is another one."""
    return _("%(city)s: this is not the PIN of this case. You have five tries an hour.", city=_city(city))


def thanks(city: CityFacts, reference: str) -> str:
    """Return that a reply reached its case."""
    return _("%(city)s: thank you, we have your reply to %(reference)s.", city=_city(city),
             reference=display(reference))  # fmt: skip


def which_one(city: CityFacts, references: Sequence[str]) -> str:
    """Return that the city asked in several cases, and how to say which is answered."""
    return _(
        "%(city)s asked you in several cases: %(references)s. Begin your answer with the number, please.",
        city=_city(city),
        references=", ".join(map(display, references)),
    )


def a_person_looks(city: CityFacts) -> str:
    """Return that somebody of the city reads it."""
    return _(
        "%(city)s: this case was reported by somebody else. Somebody of the city reads your message.",
        city=_city(city),
    )


def stopped(city: CityFacts) -> str:
    """Return that no more text messages come."""
    return _("%(city)s: you get no more text messages about your cases.", city=_city(city))


def how_to(city: CityFacts) -> str:
    """Return what can be sent."""
    return _lines(
        f"{_city(city)}:",
        _("%(command)s and what is wrong and where", command=command(Verb.REPORT)),
        _("%(command)s and the number of your case", command=command(Verb.STATUS)),
        _("Or call %(phone)s.", phone=city.phone) if city.phone else "",
    )


def command(verb: Verb) -> str:
    """Return a command word as people type it, in the language of the running context."""
    words = WORDS[verb]
    return words.get(i18n.current_language(), words["en"])[0].upper()


def _city(city: CityFacts) -> str:
    return text.excerpt(i18n.localized(city.name), LONGEST_CITY)


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
