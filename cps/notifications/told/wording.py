"""What digests say, and the names of topics. Letters speak the language of the running context."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cps.core import i18n, text
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import ngettext
from cps.core.offline import absolute
from cps.notifications.letters import Letter, item, link, words
from cps.notifications.models import Told
from cps.notifications.parts import foot
from cps.notifications.rules import Pace, Topic
from cps.notifications.sms_wording import LONGEST_CITY

MOST_NAMED = 30
"""Things that a digest names; more are only counted."""

TOPICS: Mapping[Topic, tuple[Any, Any]] = {
    Topic.QUESTION: (_l("My cases: the city asks me"), _l("A question, or whether it is fixed.")),
    Topic.OWN: (_l("My cases: all other news"), _l("Who has it, what was done, a new date.")),
    Topic.FOLLOWED: (_l("What I follow"), _l("News of cases that others reported.")),
    Topic.NOTICE: (_l("What the city knows"), _l("Notices that I follow, or that my cases belong to.")),
}
PACES: Mapping[Pace, Any] = {
    Pace.AT_ONCE: _l("At once"),
    Pace.DIGEST: _l("Once a day"),
    Pace.NEVER: _l("Only in my list"),
}


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a digest leads: the list, the choices, and where it is stopped without signing in."""

    messages: str
    choices: str
    stop: str


def digest_letter(city: CityFacts, told: Sequence[Told], ends: Ends) -> Letter:
    """Return the letter about all news of a day: of each case the newest, and how many more there are."""
    things = newest_of_each(told)
    named = [
        item(one.subject, absolute(one.path), one.language, _note(one, more))
        for one, more in things[:MOST_NAMED]
    ]
    if (left := len(things) - len(named)) > 0:
        named.append(words(ngettext("And %(num)s more.", "And %(num)s more.", left)))
    return Letter(
        ngettext("Your day: %(num)s piece of news", "Your day: %(num)s pieces of news", len(things)),
        (
            words(_("This is what you follow, gathered once a day:")),
            *named,
            link(_("All my messages"), ends.messages),
        ),
        (
            link(_("Stop these mails"), ends.stop),
            link(_("Choose what comes when"), ends.choices),
            *foot(city),
        ),
        ends.stop,
    )


def digest_text(city: CityFacts, told: Sequence[Told], link: str) -> str:
    """Return the same as a text message, for who has only a number."""
    name = text.excerpt(i18n.localized(city.name), LONGEST_CITY)
    things = len(newest_of_each(told))
    news = ngettext("%(num)s piece of news for you", "%(num)s pieces of news for you", things)
    return "\n".join((f"{name}: {news}.", _("Read it, or stop these messages: %(link)s", link=link)))


def newest_of_each(told: Sequence[Told]) -> list[tuple[Told, int]]:
    """Return of what was told, the newest first, the newest of each case and how many there were besides."""
    counts: dict[object, int] = {}
    newest: dict[object, Told] = {}
    for one in told:
        about = one.case_id or one.about
        newest.setdefault(about, one)
        counts[about] = counts.get(about, 0) + 1
    return [(one, counts[about] - 1) for about, one in newest.items()]


def _note(one: Told, more: int) -> str:
    when = i18n.date_time(one.told_at)
    if not more:
        return when
    others = ngettext("%(num)s more step", "%(num)s more steps", more)
    return f"{when} · {others}"
