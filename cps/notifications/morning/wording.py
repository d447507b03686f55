"""What the morning report says as a letter. Every function speaks the language of the running context."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.cases.reference import display
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.i18n import localized, ngettext
from cps.core.offline import absolute
from cps.insights.mornings import OfDepartment, Report
from cps.notifications.letters import Letter, Part, facts, link, words
from cps.notifications.links import PAGES
from cps.notifications.parts import foot

THANKS_QUOTED = 2


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the letter leads: its page, and where it is stopped; whether the reader has a desk."""

    page: str
    stop: str
    has_desk: bool


def morning_letter(city: CityFacts, report: Report, at: datetime, ends: Ends) -> Letter:
    """Return the report: what is late, due today, reopened, most backed and thanked, by department."""
    parts = [part for of in report.parts if not of.is_quiet for part in _department(of, at, ends)]
    return Letter(
        _subject(report),
        (
            words(i18n.long_date(at)),
            facts(*_sums(report)),
            *parts,
            *_quiet(report),
            link(_("Open the report") if ends.has_desk else _("How the city keeps its promises"), ends.page),
        ),
        (link(_("Stop these mails"), ends.stop), *foot(city)),
        ends.stop,
    )


def _subject(report: Report) -> str:
    late = ngettext("%(num)s case is late", "%(num)s cases are late", report.late)
    return _("This morning: %(late)s, %(today)s due today", late=late, today=i18n.number(report.today))


def _sums(of: Report | OfDepartment) -> tuple[tuple[str, str], ...]:
    thanked = of.thanks if isinstance(of, Report) else len(of.thanks)
    return (
        (_("Late"), i18n.number(of.late)),
        (_("Due today"), i18n.number(of.today)),
        (_("Reopened"), i18n.number(of.reopened)),
        (_("Thanked"), i18n.number(thanked)),
    )


def _department(of: OfDepartment, at: datetime, ends: Ends) -> Iterator[Part]:
    yield Part("title", localized(of.name))
    yield facts(*_sums(of))
    if of.silent_since is not None:
        since = i18n.ago(of.silent_since, at)
        yield words(_("Nobody looks at what is new here. The oldest new case came %(when)s.", when=since))
    for row in of.longest:
        yield link(f"{_name(row)} ({_due(row, at)})", _address(row, ends))
    for row in of.backed:
        backs = ngettext("%(num)s backs it", "%(num)s back it", row.support_count)
        yield link(f"{_name(row)} ({backs})", _address(row, ends))
    for row in of.thanks[:THANKS_QUOTED]:
        yield Part("quote", row.message, row.message_language)


def _due(row: Any, at: datetime) -> str:
    return _("due %(when)s", when=i18n.ago(row.due_at, at))


def _name(row: Any) -> str:
    """Return the title of a case that everybody may see, of any other its number alone."""
    return row.title if row.is_listed else _("Private: %(number)s", number=display(row.reference))


def _address(row: Any, ends: Ends) -> str:
    place = "desk" if ends.has_desk else PAGES[row.kind]
    return absolute(f"/{place}/{display(row.reference)}")


def _quiet(report: Report) -> tuple[Part, ...]:
    names = [localized(of.name) for of in report.parts if of.is_quiet]
    return (words(_("Nothing to report: %(names)s", names=", ".join(names))),) if names else ()
