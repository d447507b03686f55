"""What the city says itself on one of the pages about it, ready for a reader."""

from dataclasses import dataclass

from cps.admin.townhall import queries
from cps.admin.townhall.rules import OwnPage
from cps.core.i18n import localized
from cps.knowledge import prose
from cps.knowledge.presenting import foreign
from cps.knowledge.prose import Part


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of a text; `lang` where it is not the page's language."""

    parts: list[Part]
    lang: str | None


def said_on(page: OwnPage) -> Said | None:
    """Return what the city says on a page in the reader's language, else in its own; nothing if nothing."""
    texts, _version = queries.words_of(page)
    text = localized(texts)
    if not text:
        return None
    language = next((code for code, one in texts.items() if one == text), None)
    return Said(prose.read(text), foreign(language) if language else None)
