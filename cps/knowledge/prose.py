"""The body of an article: plain text with little structure, read into parts that templates write escaped.

An empty line parts paragraphs; lines that begin with `- ` are a list, with `1. ` a numbered one, with `## ` a
heading. Addresses become links, also as `[words](https://…)`. Nothing else means anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cps.core.text import excerpt


class Kind(StrEnum):
    """What a part of a body is."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    STEPS = "steps"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, and where they lead; nowhere for most."""

    text: str
    href: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part: a paragraph and a heading have lines, a list its points."""

    kind: Kind
    lines: tuple[Line, ...]


_POINT = re.compile(r"[-*•]\s+(?P<text>.+)")
_STEP = re.compile(r"\d{1,3}[.)]\s+(?P<text>.+)")
_HEADING = re.compile(r"#{1,4}\s+(?P<text>.+)")
_LINK = re.compile(
    r"\[(?P<words>[^\[\]\n]{1,200})\]\((?P<named>(?:https?://|mailto:|/)[^\s()<>\"\\]{1,500})\)"
    r"|(?P<bare>https?://[^\s<>\"\\]{1,500})"
)
_AFTER = ".,;:!?)]}’”\"'"
"""What stands behind an address and is no part of it."""


def read(body: str) -> list[Part]:
    """Return the parts of a body in their order."""
    return list(_parts(body))


def plain(body: str) -> str:
    """Return a body in words alone, on one line."""
    return " ".join("".join(piece.text for piece in line) for part in read(body) for line in part.lines)


def unmarked(body: str) -> str:
    """Return a body for letters and messages: links as their words, everything else as it stands."""
    return _LINK.sub(lambda found: found["words"] or found["bare"], body)


def beginning(body: str, length: int = 150) -> str:
    """Return the first words of a body for lists."""
    return excerpt(plain(body), length)


def _parts(body: str) -> Iterator[Part]:
    kind: Kind | None = None
    lines: list[Line] = []
    for raw in [*body.splitlines(), ""]:
        here, text = _kind_of(raw.strip())
        if lines and (here is not kind or kind is Kind.HEADING):
            yield Part(kind or Kind.PARAGRAPH, tuple(lines))
            lines = []
        kind = here
        if here is not None:
            lines.append(_pieces(text))


def _kind_of(line: str) -> tuple[Kind | None, str]:
    if not line:
        return None, ""
    for pattern, kind in ((_POINT, Kind.LIST), (_STEP, Kind.STEPS), (_HEADING, Kind.HEADING)):
        if found := pattern.fullmatch(line):
            return kind, found["text"]
    return Kind.PARAGRAPH, line


def _pieces(text: str) -> Line:
    pieces, done = [], 0
    for found in _LINK.finditer(text):
        href, words, end = found["named"], found["words"], found.end()
        if href is None:
            href = words = found["bare"].rstrip(_AFTER)
            end = found.start() + len(href)
        elif href.startswith("//"):
            continue  # another site, not a page of this one
        pieces += [Piece(text[done : found.start()]), Piece(words or href, href)]
        done = end
    return tuple(piece for piece in (*pieces, Piece(text[done:])) if piece.text)
