"""What text messages say, in as few signs as possible; each speaks the language of the running context.

A code fits into one segment in every language whose city has a short name. Nothing private stands in a text
message: phones show them to whoever looks.
"""

from collections.abc import Mapping
from typing import Any

from cps.accounts.rules import CodePurpose
from cps.cases.models import Case, CaseEvent
from cps.cases.reference import display
from cps.cases.rules import CaseKind, EventKind, Status
from cps.cases.wording import event_words
from cps.core import i18n, text
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.phone import hidden_phone
from cps.core.sms_text import Alphabet, alphabet

LONGEST_CITY = 20
WORDS_OF_THE_CITY = {Alphabet.GSM_7: 160, Alphabet.UCS_2: 60}
"""So many signs of an answer stand in the message; the rest is behind the link."""

CODE_IS_FOR: Mapping[CodePurpose, Any] = {
    CodePurpose.SIGN_IN: _l("%(city)s: %(code)s is your code to sign in."),
    CodePurpose.RESET_PASSWORD: _l("%(city)s: %(code)s is your code for a new password."),
    CodePurpose.VERIFY_PHONE: _l("%(city)s: %(code)s is your code to confirm this number."),
    CodePurpose.JOIN: _l("%(city)s: %(code)s is your code to join two accounts."),
    CodePurpose.CONFIRM: _l("%(city)s: %(code)s confirms the change of your account that you asked for."),
}


def code_text(city: CityFacts, code: str, purpose: CodePurpose | None) -> str:
    """Return the message with a one-time code; without a purpose, that the number has an account already."""
    about = {"city": _city(city), "code": code}
    says = (
        str(CODE_IS_FOR[purpose]) % about
        if purpose is not None
        else _("%(city)s: %(code)s opens the account that you have already.", **about)
    )
    warning = _("Tell it to nobody: the city never asks for it.")
    return f"{says} {warning}"


def counter_code_text(city: CityFacts, code: str) -> str:
    """Return the message whose code is read to a clerk."""
    return _(
        "%(city)s: %(code)s. Read it to the clerk in front of you. At no counter? Tell it to nobody.",
        city=_city(city),
        code=code,
    )


def proposal_code_text(city: CityFacts, code: str) -> str:
    """Return the message whose code is read to the agent who writes down a proposal."""
    return _(
        "%(city)s: %(code)s. Read it to the agent who writes your proposal. No proposal? Tell it to nobody.",
        city=_city(city),
        code=code,
    )


def filed_text(city: CityFacts, case: Case, link: str) -> str:
    """Return the message that the city has a case: its number, by when, and the way back to it."""
    about = {"city": _city(city), "reference": display(case.reference)}
    if case.kind is CaseKind.PROPOSAL:
        return _lines(_("%(city)s has your proposal %(reference)s.", **about), _more(link))
    return _lines(
        _("%(city)s has your report %(reference)s.", **about),
        _("Answer promised by %(day)s.", day=i18n.short_date(case.due_at)) if case.is_open else "",
        _more(link),
    )


def news_text(city: CityFacts, case: Case, event: CaseEvent, link: str) -> str:
    """Return the message about one event of a case; what the city wrote stands in it unless it is private."""
    what = event_words(event.kind, event.status, event.outcome, event.data)
    return _lines(
        f"{_city(city)}: {what} ({i18n.in_order(display(case.reference))}).",
        _city_wrote(case, event),
        _how_to_answer(city, event),
        _more(link),
    )


def notice_text(city: CityFacts, title: str, said: str, link: str) -> str:
    """Return the message about a notice: what it is about, what the city says, the way to more."""
    says = text.excerpt(text.one_line(said), WORDS_OF_THE_CITY[alphabet(said)]) if said else ""
    return _lines(f"{_city(city)}: {title}", says, _more(link))


def claimed_text(city: CityFacts, phone: str, until: str, link: str) -> str:
    """Return the message that somebody else has proven a number of an account."""
    return _lines(
        _(
            "%(city)s: somebody else confirmed your number %(phone)s.",
            city=_city(city),
            phone=hidden_phone(phone),
        ),
        _("Still yours? Confirm it before %(day)s: %(link)s", day=until, link=link),
    )


def two_step_text(city: CityFacts, link: str, *, is_on: bool) -> str:
    """Return the message that the second step of an account was turned on or off."""
    about = {"city": _city(city), "link": link}
    if is_on:
        return _("%(city)s: The second step of your account is on. Was it not you? %(link)s", **about)
    return _("%(city)s: The second step of your account is off. Was it not you? %(link)s", **about)


def email_added_text(city: CityFacts, link: str) -> str:
    """Return the message that an account that had only a number has an address of mail now."""
    says = _("%(city)s: an e-mail address was added to your account. Was it not you?", city=_city(city))
    call = _("Call the city.")
    return _lines(f"{says} {call}", link)


def archive_text(city: CityFacts, until: str, link: str) -> str:
    """Return the message that the archive of one's own data is ready."""
    return _lines(_("%(city)s: your data is ready until %(day)s.", city=_city(city), day=until), link)


def joined_text(city: CityFacts, link: str) -> str:
    """Return the message that two accounts were joined."""
    says = _("%(city)s: your two accounts are one now. Was it not you? Call the city.", city=_city(city))
    return _lines(says, link)


def title_text(city: CityFacts, title: str, link: str) -> str:
    """Return a message that says one thing, and where the rest stands."""
    return _lines(f"{_city(city)}: {title}", link)


def _city(city: CityFacts) -> str:
    return text.excerpt(i18n.localized(city.name), LONGEST_CITY)


def _more(link: str) -> str:
    return _("More, or stop these messages: %(link)s", link=link)


def _city_wrote(case: Case, event: CaseEvent) -> str:
    if case.is_private or case.is_integrity or not event.message:
        return ""
    return text.excerpt(text.one_line(event.message), WORDS_OF_THE_CITY[alphabet(event.message)])


def _how_to_answer(city: CityFacts, event: CaseEvent) -> str:
    if event.kind is EventKind.ASKED:
        return _("Answer on the page, or call %(phone)s.", phone=city.phone) if city.phone else ""
    return _("Is it fixed? Say yes or no on the page.") if event.status is Status.CLOSED else ""


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
