"""A letter: its subject and parts, laid out as plain text and as simple HTML from the same words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cps.core import i18n, offline, text

SUBJECT_LENGTH = 150


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a letter.

    `title` and `quote` are in a `language` of their own, `facts` have `rows` of (name, value), a `link` has a
    `url`, a `code` is to be typed, an `item` of a list is a title with a `url` and a `note` below; all others
    are words in the letter's language.
    """

    kind: Literal["words", "title", "quote", "facts", "link", "code", "item"]
    text: str = ""
    language: str = ""
    url: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter without its address; `foot` says why it came, `unsubscribe` is the address that stops it."""

    subject: str
    parts: Sequence[Part]
    foot: Sequence[Part] = ()
    unsubscribe: str = ""


def words(sentences: str) -> Part:
    """Return a paragraph in the letter's language."""
    return Part("words", sentences)


def link(says: str, url: str) -> Part:
    """Return a line that leads somewhere."""
    return Part("link", says, url=url)


def item(title: str, url: str, language: str, note: str) -> Part:
    """Return one of several things: its title, which leads to it, and a few words about it."""
    return Part("item", title, language, url, note=note)


def facts(*rows: tuple[str, str]) -> Part:
    """Return names and values; those without a value are left out."""
    return Part("facts", rows=tuple(row for row in rows if row[1]))


def subject_of(letter: Letter) -> str:
    """Return the subject as one line of a length that mail programs show."""
    return text.excerpt(letter.subject, SUBJECT_LENGTH)


def as_text(letter: Letter) -> str:
    """Return the letter as plain text."""
    return offline.render("emails/letter.txt", letter=letter).strip() + "\n"


def as_html(letter: Letter) -> str:
    """Return the letter as a whole HTML page, with a few styles, no pictures and nothing fetched."""
    language = i18n.current_language()
    return offline.render(
        "emails/letter.html",
        letter=letter,
        subject=subject_of(letter),
        lang=i18n.html_language(language),
        dir=i18n.direction(language),
    )
