"""Text messages that come in pieces (3GPP TS 23.040, 9.2.3.24.1): put together, or taken as they are."""

from collections.abc import Mapping
from datetime import timedelta

WAIT = timedelta(minutes=10)
"""So long a piece waits for the others; then what came is taken as it is."""

MISSING = " […] "


def joined(pieces: Mapping[int, str], of: int) -> str:
    """Return the text of pieces by their number, from 1; runs of missing ones are marked once."""
    text, is_gap = "", False
    for number in range(1, of + 1):
        piece = pieces.get(number)
        if piece is not None:
            text, is_gap = text + piece, False
        elif not is_gap:
            text, is_gap = text + MISSING, True
    return text.strip()


def is_whole(pieces: Mapping[int, str], of: int) -> bool:
    """Say whether all pieces are there."""
    return len(pieces) == of
