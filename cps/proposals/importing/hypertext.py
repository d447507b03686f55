"""Texts that another site kept as HTML, as plain text with its paragraphs.

Only tags that editors write are taken as such: people also write `<important>` and mean it.
"""

import html
import re

from cps.core.text import clean

_BREAKS = ("br", "p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "h1", "h2", "h3", "h4", "hr")
_QUIET = (
    *("a", "b", "i", "u", "s", "em", "strong", "span", "font", "small", "sup", "sub", "img", "td", "th"),
    *("tbody", "thead", "center", "code", "pre", "section", "article", "figure", "wbr"),
)
_END = r"(?:\s[^<>]{0,2000})?/?(?:>|(?=<)|$)"
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_BREAK = re.compile(rf"</?(?:{'|'.join(_BREAKS)}){_END}", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{'|'.join(_QUIET)}){_END}", re.IGNORECASE)
_LINES = re.compile(r"\n[ \t]*\n[ \t\n]*")
_SPACES = re.compile(r"[ \t\u00a0]{2,}")


def plain_text(written: str) -> str:
    """Return HTML as people read it: cleaned, entities as their signs, paragraphs apart by an empty line."""
    found = _COMMENT.sub("", _SCRIPT.sub("", written))
    found = html.unescape(_TAG.sub("", _BREAK.sub("\n", found)))
    return _LINES.sub("\n\n", clean(_SPACES.sub(" ", found)))
