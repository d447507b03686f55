"""What letters of alerts say. Every function speaks the language of the running context."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from cps.alerts import wording as alerts
from cps.alerts.rules import NewsKind, Wish
from cps.cases.models import Case
from cps.cases.rules import CaseKind
from cps.cases.wording import status_look
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized, ngettext
from cps.notices.rules import KnownNotice, spoken
from cps.notifications.letters import Letter, Part, item, link, words
from cps.notifications.parts import foot

MOST_NAMED = 30
"""Things that a letter names; more are only counted."""

HEADINGS = {
    NewsKind.NOTICE: _l("What the city knows"),
    NewsKind.ANSWERED: _l("Fixed or answered"),
    NewsKind.FILED: _l("New"),
}
"""In the order in which a letter tells them."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing in a letter, and the address of its page: a case, or a notice."""

    kind: NewsKind
    href: str
    case: Case | None = None
    notice: KnownNotice | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a letter leads: where its mails are stopped, and where all alerts of the reader are changed."""

    stop: str
    alerts: str


def alert_letter(city: CityFacts, told: Sequence[Told], wishes: Sequence[Wish], ends: Ends) -> Letter:
    """Return the letter that tells some things, notices first, and names the alerts that heard of them."""
    order = list(HEADINGS)
    sorted_things = sorted(told, key=lambda one: order.index(one.kind))
    named = sorted_things[:MOST_NAMED]
    parts: list[Part] = []
    for kind, group in groupby(named, key=lambda one: one.kind):
        parts.append(Part("title", str(HEADINGS[kind]), i18n.html_language(i18n.current_language())))
        parts += [_item(one, city) for one in group]
    if (left := len(told) - len(named)) > 0:
        parts.append(words(ngettext("And %(num)s more.", "And %(num)s more.", left)))
    return Letter(_subject(told, city), parts, _foot(city, wishes, ends), ends.stop)


def _subject(told: Sequence[Told], city: CityFacts) -> str:
    if len(told) > 1:
        return ngettext("%(num)s new thing in your alerts", "%(num)s new things in your alerts", len(told))
    title, _language = _title(told[0], city)
    if told[0].kind is NewsKind.NOTICE:
        return _("We know: %(title)s", title=title)
    if told[0].kind is NewsKind.ANSWERED:
        return f"{_state(told[0].case)}: {title}"
    if _is_proposal(told[0].case):
        return _("New proposal: %(title)s", title=title)
    return _("Newly reported: %(title)s", title=title)


def _item(one: Told, city: CityFacts) -> Part:
    title, language = _title(one, city)
    if one.notice is not None:
        until = _("Until %(time)s", time=i18n.date_time(one.notice.ends_at))
        return item(title, one.href, language, until)
    case = one.case
    about = [] if case is None else [localized(case.category.name), _place(case)]
    if _is_proposal(case):
        about.insert(0, _("Proposal"))
    if one.kind is NewsKind.ANSWERED:
        about.insert(0, _state(case))
    return item(title, one.href, language, " · ".join(part for part in about if part))


def _title(one: Told, city: CityFacts) -> tuple[str, str]:
    """Return the title of a thing and the language it is in."""
    if one.case is not None:
        return one.case.title, one.case.language
    texts = one.notice.title if one.notice is not None else {}
    return spoken(texts, i18n.current_language(), city.default_language)


def _is_proposal(case: Case | None) -> bool:
    return case is not None and case.kind is CaseKind.PROPOSAL


def _state(case: Case | None) -> str:
    return str(status_look(case.status, case.outcome).word) if case is not None else ""


def _place(case: Case) -> str:
    return localized(case.ward.name) if case.ward is not None else case.address


def _foot(city: CityFacts, wishes: Sequence[Wish], ends: Ends) -> tuple[Part, ...]:
    names = " / ".join(alerts.name(wish) for wish in wishes)
    return (
        words(_("You get this mail because you asked to be told what is new here: %(where)s.", where=names)),
        link(_("Stop these mails"), ends.stop),
        link(_("Change your alerts"), ends.alerts),
        *foot(city),
    )
