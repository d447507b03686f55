"""Lists as Atom feeds (RFC 4287), the rest behind `rel="next"` (RFC 5005); entries name their language."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, tostring

ATOM = "http://www.w3.org/2005/Atom"
GEORSS = "http://www.georss.org/georss"
LANGUAGE = "xml:lang"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed without its entries. `links` are addresses by `rel`."""

    title: str
    page: str
    author: str
    language: str
    updated: str
    links: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; its page is also what it is known by. Moments are RFC 3339; `terms` are (code, name)."""

    page: str
    title: str
    text: str
    language: str
    published: str
    updated: str
    terms: tuple[tuple[str, str], ...] = ()
    position: tuple[float, float] | None = None


def written(feed: Feed, entries: Iterable[Entry]) -> bytes:
    """Return the feed as XML."""
    root = Element("feed", {"xmlns": ATOM, "xmlns:georss": GEORSS, LANGUAGE: feed.language})
    _text(root, "title", feed.title)
    _text(root, "id", feed.page)
    _text(root, "updated", feed.updated)
    SubElement(root, "link", rel="alternate", type="text/html", href=feed.page)
    for rel, href in feed.links.items():
        SubElement(root, "link", rel=rel, type="application/atom+xml", href=href)
    _text(SubElement(root, "author"), "name", feed.author)
    for entry in entries:
        _entry(root, entry)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _entry(root: Element, entry: Entry) -> None:
    element = SubElement(root, "entry", {LANGUAGE: entry.language})
    _text(element, "title", entry.title)
    _text(element, "id", entry.page)
    _text(element, "published", entry.published)
    _text(element, "updated", entry.updated)
    SubElement(element, "link", rel="alternate", type="text/html", href=entry.page)
    for code, name in entry.terms:
        SubElement(element, "category", term=code, label=name)
    if entry.position is not None:
        _text(element, "georss:point", "{} {}".format(*entry.position))
    _text(element, "content", entry.text)


def _text(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = words
