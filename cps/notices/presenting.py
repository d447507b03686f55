"""Notices in the words of the page's language: what, where, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.core import city as cities
from cps.core.i18n import current_language, date_time, html_language, listed, localized
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments import queries as departments
from cps.notices.models import NoticeUpdate
from cps.notices.rules import KnownNotice, State, Texts, spoken
from cps.wards import queries as wards

LOOKS: dict[State, tuple[str, str, Any]] = {
    State.COMING: ("plain", "calendar-clock", _l("Soon")),
    State.RUNNING: ("in-hand", "megaphone", _l("Now")),
    State.OVER: ("done", "check", _l("Over")),
}
"""Colour, icon and word of each state."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text and its language, where it is not that of the page."""

    text: str
    language: str | None

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Card:
    """A notice as pages show it; `say` is for staff alone."""

    id: int
    title: Words
    text: Words
    say: Words
    where: str
    when: str
    state: State
    colour: str
    icon: str
    word: str
    category: str
    department: str


@dataclass(frozen=True, slots=True)
class Told:
    """One update as pages show it."""

    at: datetime
    text: Words


def words(texts: Texts) -> Words:
    """Return a text in the page's language, else in another one that is named."""
    city, language = cities.find(), current_language()
    text, code = spoken(texts, language, city.default_language if city else "en")
    if code in {language, ""}:
        return Words(text, None)
    shown = localized(texts)  # pseudo-languages make something of the city's
    return Words(shown, None if shown != text else html_language(code))


def card(notice: KnownNotice, at: datetime) -> Card:
    """Return a notice as pages show it at a moment."""
    catalogue = departments.catalogue()
    state = notice.state(at)
    colour, icon, word = LOOKS[state]
    category = catalogue.categories.get(notice.category_id or 0)
    department = catalogue.departments.get(notice.department_id or 0)
    return Card(
        id=notice.id,
        title=words(notice.title),
        text=words(notice.text),
        say=words(notice.say),
        where=where(notice),
        when=when(notice, at),
        state=state,
        colour=colour,
        icon=icon,
        word=str(word),
        category=localized(category.name) if category else "",
        department=localized(department.name) if department else "",
    )


def cards(notices: Iterable[KnownNotice], at: datetime) -> list[Card]:
    """Return several."""
    return [card(one, at) for one in notices]


def told(updates: Iterable[NoticeUpdate]) -> list[Told]:
    """Return updates as pages show them."""
    return [Told(one.at, words(one.text)) for one in updates]


def where(notice: KnownNotice) -> str:
    """Return the area in words."""
    known = wards.areas()
    parts = [localized(known.wards[code].name) for code in notice.ward_codes if code in known.wards]
    if notice.circle is not None:
        parts.append(_("within %(metres)s m of a place", metres=notice.circle.radius_m))
    return listed(parts) or _("The whole city")


def when(notice: KnownNotice, at: datetime) -> str:
    """Return until when it stands, or from when, or when it ended."""
    state = notice.state(at)
    if state is State.COMING:
        return _(
            "From %(start)s until %(end)s", start=date_time(notice.starts_at), end=date_time(notice.ends_at)
        )
    if state is State.RUNNING:
        return _("Until %(end)s", end=date_time(notice.ends_at))
    return _("Ended %(end)s", end=date_time(notice.ends_at))
