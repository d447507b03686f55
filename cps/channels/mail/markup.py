"""The words of HTML as mails have it, in one pass: Python's parser takes a minute for hostile bytes."""

import re
from collections.abc import Iterator
from html import unescape

from cps.core.text import clean

_LINES = frozenset(["p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol"])
_SILENT = frozenset(["script", "style", "head", "title", "template"])
_MARK = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)|[!?/]")


def without_marks(markup: str) -> str:
    """Return the words of HTML with its lines; nothing of what is not shown."""
    lines = (" ".join(line.split()) for line in "".join(_words_of(markup)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", clean("\n".join(lines)))


def _words_of(markup: str) -> Iterator[str]:
    at = 0
    while (start := markup.find("<", at)) >= 0:
        yield _flat(markup[at:start])
        mark = _MARK.match(markup, start) or _MARK.match(markup, start + 1)
        if mark is None:
            yield "<"
            at = start + 1
            continue
        is_comment = markup.startswith("<!--", start)
        end = markup.find("-->" if is_comment else ">", start)
        if end < 0:
            return
        name = (mark.group(1) or "").lower()
        at = end + 1
        if name in _SILENT and markup[start + 1] != "/":
            closing = re.compile(f"</{name}", re.IGNORECASE).search(markup, at)
            at = closing.start() if closing else len(markup)
        if name in _LINES:
            yield "\n"
    yield _flat(markup[at:])


def _flat(words: str) -> str:
    """Return text between marks: its line breaks are spaces."""
    return unescape(re.sub(r"\s+", " ", words))
