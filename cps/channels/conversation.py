"""A chat as it is copied out of a program: who said what; pure functions.

Programs put time and name before each message in ways of their own; lines without either belong to the
message before. What cannot be told apart is one message.
"""

import re
from collections import Counter
from dataclasses import dataclass

from cps.core.text import clean, one_line

_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:[AaPp]\.?\s?[Mm]\.?)?"
_DATE = r"\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}\.?"
_HALF = r"(?:오전|오후)\s*"
_WHEN = rf"(?:{_DATE},?\s*)?(?:{_HALF})?{_TIME}(?:,?\s*{_DATE})?"
_NAME = r"(?P<name>[^:\[\]\n]{1,40}?)"
_HEADS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^\[{_NAME}\]\s*\[{_WHEN}\]\s*(?P<text>.*)$",
        rf"^\[{_WHEN}\]\s*{_NAME}:\s+(?P<text>.*)$",
        rf"^{_WHEN}\s*[-–,]\s*{_NAME}:\s+(?P<text>.*)$",
        rf"^{_NAME}\s*[,(\[]\s*{_WHEN}\s*[)\]]?:?\s*(?P<text>.*)$",
        rf"^{_NAME}:\s+(?P<text>.+)$",
    )
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message: who, "" where nobody is named, and what."""

    name: str
    text: str


def read(conversation: str) -> list[Said]:
    """Return the messages of a copied chat in their order."""
    found: list[Said] = []
    for line in clean(conversation).split("\n"):
        head = next(filter(None, (pattern.match(line) for pattern in _HEADS)), None)
        if head:
            found.append(Said(one_line(head["name"]), head["text"]))
        elif found:
            found[-1] = Said(found[-1].name, f"{found[-1].text}\n{line}")
        else:
            found.append(Said("", line))
    return [Said(one.name, one.text.strip()) for one in found if one.text.strip()]


def of_resident(messages: list[Said], *, ours: frozenset[str]) -> Said:
    """Return what the resident said, together: who speaks first and is none of `ours`, in small letters."""
    names = Counter(one.name for one in messages if one.name.lower() not in ours)
    first = next((one.name for one in messages if one.name in names), "")
    return Said(first, "\n".join(one.text for one in messages if one.name == first))
