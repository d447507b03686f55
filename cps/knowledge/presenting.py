"""Articles in words: cards of lists, statuses, what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError

from cps.core.i18n import OWN_NAMES, current_language, html_language, localized
from cps.core.i18n import lazy_gettext as _l
from cps.departments import queries as departments
from cps.knowledge import prose
from cps.knowledge.prose import Part
from cps.knowledge.queries import AnswerRow
from cps.knowledge.rules import ArticleStatus, Happening, Move

STATUS_LOOKS: dict[ArticleStatus, tuple[str, str, Any]] = {
    ArticleStatus.DRAFT: ("plain", "pencil", _l("Draft")),
    ArticleStatus.IN_REVIEW: ("in-hand", "eye", _l("In review")),
    ArticleStatus.PUBLISHED: ("done", "check", _l("Published")),
    ArticleStatus.RETIRED: ("plain", "x", _l("Retired")),
}
"""Colour, icon and word of each status."""

HAPPENED: dict[Happening, Any] = {
    Happening.WRITTEN: _l("Written"),
    Happening.CONFIRMED: _l("Translation confirmed"),
    Happening.SENT: _l("Sent for review"),
    Happening.RETURNED: _l("Sent back"),
    Happening.PUBLISHED: _l("Published"),
    Happening.RETIRED: _l("Retired"),
    Happening.RESUMED: _l("Taken up again"),
    Happening.SET: _l("Category, validity or owner changed"),
    Happening.REVIEWED: _l("Read again and found right"),
    Happening.IMPORTED: _l("Imported"),
}

MOVE_WORDS: dict[Move, tuple[Any, str]] = {
    Move.SEND: (_l("Send for review"), "send"),
    Move.RETURN: (_l("Send back"), "rotate-ccw"),
    Move.PUBLISH: (_l("Publish"), "check"),
    Move.RETIRE: (_l("Retire"), "x"),
    Move.RESUME: (_l("Take it up again"), "rotate-ccw"),
}
"""What the button of each move says, and its icon."""


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """An answer in a list; `lang` where it is not the page's language."""

    slug: str
    title: str
    excerpt: str
    lang: str | None
    category: str
    icon: str
    parts: list[Part]


def cards(rows: Iterable[AnswerRow], *, whole: bool = False) -> list[AnswerCard]:
    """Return articles as lists show them; with `whole` also everything they say."""
    return [_card(row, whole=whole) for row in rows]


def _card(row: AnswerRow, *, whole: bool) -> AnswerCard:
    category = departments.catalogue().categories.get(row.category_id or 0)
    return AnswerCard(
        slug=row.slug,
        title=row.title,
        excerpt=prose.beginning(row.body),
        lang=foreign(row.language),
        category=localized(category.name) if category else "",
        icon=category.icon if category else "book-open",
        parts=prose.read(row.body) if whole else [],
    )


def foreign(language: str) -> str | None:
    """Return the language of a text where it is not that of the page."""
    return language if language != html_language(current_language()) else None


def language_name(code: str) -> str:
    """Return the own name of a language, its code where nobody knows it."""
    try:
        return OWN_NAMES.get(code) or Locale.parse(code, sep="-").get_display_name() or code
    except (UnknownLocaleError, ValueError):
        return code
