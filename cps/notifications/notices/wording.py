"""What letters about notices say. Every function speaks the language of the running context."""

from collections.abc import Sequence
from dataclasses import dataclass

from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.rules import REOPEN_DAYS, Status
from cps.cases.wording import status_look
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.notices.models import NoticeUpdate
from cps.notices.rules import KnownNotice, Texts, spoken
from cps.notifications import sms_wording
from cps.notifications.letters import Letter, Part, facts, link, words

MOST_NAMED = 10
"""Cases that a letter names; more are only counted."""


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A case in a letter: where it leads, whether the reader reported it, whether the link is a secret."""

    case: Case
    href: str
    is_own: bool = False
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a letter about a notice leads: its page, and where the letters are stopped."""

    page: str
    stop: str = ""


def notice_letter(
    city: CityFacts,
    notice: KnownNotice,
    update: NoticeUpdate | None,
    mentioned: Sequence[Mentioned],
    ends: Ends,
) -> Letter:
    """Return the letter about something new, or that the city knows what somebody reported."""
    title = localized(notice.title)
    subject = _("News: %(title)s", title=title) if update else _("We know: %(title)s", title=title)
    said = update.text if update is not None else notice.text
    return Letter(
        subject,
        (
            words(_opening(update is not None, mentioned)),
            Part("title", title),
            *_quote(said, city),
            facts((_("Until"), i18n.date_time(notice.ends_at))),
            *_cases(mentioned),
            *_is_it_right(mentioned),
            link(_("See the notice"), ends.page),
            *_secrecy(mentioned),
        ),
        _foot(city, ends),
        ends.stop,
    )


def over_letter(city: CityFacts, notice: KnownNotice, ends: Ends) -> Letter:
    """Return the letter that a notice is over."""
    title = localized(notice.title)
    return Letter(
        _("It is over: %(title)s", title=title),
        (
            words(_("You asked us to tell you when this is over. It is:")),
            Part("title", title),
            words(_("Is it still not right where you are? Then please report it.")),
            link(_("See the notice"), ends.page),
        ),
        _foot(city, ends),
        ends.stop,
    )


def short_text(
    city: CityFacts, notice: KnownNotice, update: NoticeUpdate | None, link: str, *, is_over: bool
) -> str:
    """Return the same as a text message, for who has only a number."""
    title = localized(notice.title)
    if is_over:
        return sms_wording.notice_text(city, _("It is over: %(title)s", title=title), "", link)
    said = update.text if update is not None else notice.text
    return sms_wording.notice_text(city, title, localized(said), link)


def _opening(is_news: bool, mentioned: Sequence[Mentioned]) -> str:
    own = any(one.is_own for one in mentioned)
    if not is_news:
        return (
            _("The city knows about what you reported:")
            if own
            else _("The city knows about what you follow:")
        )
    if own:
        return _("There is news about what you sent to the city:")
    return _("There is news about what you follow:")


def _quote(texts: Texts, city: CityFacts) -> tuple[Part, ...]:
    text, language = spoken(texts, i18n.current_language(), city.default_language)
    return (Part("quote", text, language),) if text else ()


def _cases(mentioned: Sequence[Mentioned]) -> tuple[Part, ...]:
    named = [_case(one) for one in mentioned[:MOST_NAMED]]
    left = len(mentioned) - len(named)
    if left > 0:
        named.append(words(i18n.ngettext("And %(num)s more report.", "And %(num)s more reports.", left)))
    return tuple(named)


def _case(one: Mentioned) -> Part:
    """Return the link to a case: its number and state, and its title where it is not private."""
    case = one.case
    state = str(status_look(case.status, case.outcome).word)
    title = "" if case.is_private else f" – {case.title}"
    return link(f"{display(case.reference)}{title} ({state})", one.href)


def _is_it_right(mentioned: Sequence[Mentioned]) -> tuple[Part, ...]:
    if not any(one.is_own and one.case.status is Status.CLOSED for one in mentioned):
        return ()
    how = _(
        "Press “Yes” or “No” on the page. After a “No” the city looks at it again."
        " You can say so for %(days)s days.",
        days=i18n.number(REOPEN_DAYS),
    )
    return (words(_("Does this answer help you?")), words(how))


def _secrecy(mentioned: Sequence[Mentioned]) -> tuple[Part, ...]:
    if not any(one.is_secret for one in mentioned):
        return ()
    return (words(_("The link is for you alone: whoever has it can speak for you. Do not pass it on.")),)


def _foot(city: CityFacts, ends: Ends) -> tuple[Part, ...]:
    parts = [link(_("Stop these mails"), ends.stop)] if ends.stop else []
    parts.append(words(_("Please do not answer this mail: nobody reads what is sent there.")))
    if city.phone:
        parts.append(words(_("Would you rather call? %(phone)s", phone=city.phone)))
    return (*parts, words(localized(city.name)))
