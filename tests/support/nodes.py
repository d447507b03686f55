"""Questions to one element of a page."""

from selectolax.lexbor import LexborNode


def attribute(node: LexborNode | None, name: str) -> str | None:
    """Return an attribute; empty when it is there without a value, None when it is not there."""
    if node is None or name not in node.attributes:
        return None
    return node.attributes[name] or ""


def text_of(node: LexborNode | None) -> str:
    """Return the words of an element, with single spaces."""
    return " ".join(node.text(deep=True, separator="").split()) if node else ""


def name_of(node: LexborNode) -> str:
    """Return the accessible name of a link or button: its label, else its words, else its picture's text."""
    pictures = " ".join(attribute(n, "alt") or "" for n in node.css("img"))
    return (attribute(node, "aria-label") or text_of(node) or pictures).strip()
