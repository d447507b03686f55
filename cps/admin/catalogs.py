"""The catalogs of translated texts as they stand: what is missing, what a speaker has reviewed."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from cps.core.i18n import TRANSLATIONS

_PLACE = re.compile(r"%\((\w+)\)[sd]")
REVIEWED = "Reviewed by "
"""How the remark begins that marks a text which a speaker has reviewed."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many texts a catalog holds, how many have no translation, and how many a speaker reviewed."""

    language: str
    texts: int
    missing: int
    reviewed: int


@dataclass(frozen=True, slots=True)
class Text:
    """One text: every form of the source and of the translation, and who reviewed it, if anybody."""

    source: Sequence[str]
    translation: Sequence[str]
    reviewed: str

    @property
    def readable(self) -> tuple[str, str]:
        """Source and translation as people read them: `%(name)s` as ‹name›, their forms side by side."""
        return _readable(self.source), _readable(self.translation)

    @property
    def is_missing(self) -> bool:
        """Whether a form has no translation."""
        return not all(self.translation)


def languages() -> list[str]:
    """Return the languages that have a catalog, sorted."""
    return sorted(path.parent.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def file_of(language: str) -> Path:
    """Return the catalog of one of `languages()`."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def texts_of(language: str) -> list[Text]:
    """Read every text of a catalog, which takes a part of a second."""
    with file_of(language).open("rb") as file:
        return [_text(message) for message in read_po(file, locale=language) if message.id]


def counts_of(language: str) -> Counts:
    """Return the counts written when the catalog was compiled; zeros where that has not been done."""
    path = file_of(language).with_suffix(".json")
    found = json.loads(path.read_text()) if path.exists() else {}
    return Counts(language, *(int(found.get(name, 0)) for name in ("texts", "missing", "reviewed")))


def _text(message: Message) -> Text:
    remarks = (remark for remark in message.user_comments if remark.startswith(REVIEWED))
    return Text(_forms(message.id), _forms(message.string), next(remarks, "").removeprefix(REVIEWED))


def _readable(forms: Sequence[str]) -> str:
    return " · ".join(_PLACE.sub(r"‹\1›", form).replace("%%", "%") for form in forms)


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)
