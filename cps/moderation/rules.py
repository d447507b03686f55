"""Objections, hiding and appeals: what there is, what comes first, who decides; no Flask, no database."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum


class Thing(StrEnum):
    """What readers object to and moderators hide."""

    CASE = "case"
    UPDATE = "update"
    PHOTO = "photo"
    COMMENT = "comment"


class FlagReason(StrEnum):
    """Why a reader objects."""

    DANGER = "danger"
    PERSONAL_DATA = "personal-data"
    INSULT = "insult"
    ADVERTISING = "advertising"
    FALSE = "false"
    OTHER = "other"


class ActKind(StrEnum):
    """Whether a thing was hidden as a whole or only parts of it were blacked out."""

    HIDE = "hide"
    REDACT = "redact"


GRAVE = frozenset({FlagReason.DANGER, FlagReason.PERSONAL_DATA})
"""What a moderator sees first: waiting may hurt somebody."""

APPEAL_WITHIN = timedelta(days=30)
KEPT_SETTLED = timedelta(days=365)
"""So long objections are kept after they were settled."""
LONGEST_WORDS, LONGEST_APPEAL = 500, 2000
MOST_PHRASES = 20
SHORTEST_PHRASE = 2

Cell = tuple[int, int]
"""Column and row of a grid over a picture, from the top left, from 0."""

COLUMNS = 12
"""Columns of that grid: at 360 px each is wide enough for a finger."""
FEWEST_ROWS, MOST_ROWS = 5, 18


def may_appeal(at: datetime, *, hidden_at: datetime, is_over: bool, was_appealed: bool) -> bool:
    """Whether the author may still appeal: once, within thirty days, while the thing is hidden."""
    return not is_over and not was_appealed and at <= hidden_at + APPEAL_WITHIN


def may_decide(actor_id: int, *, by_id: int | None, author_id: int | None, others: int) -> bool:
    """Whether a moderator may decide an appeal: not the author, and not who hid it.

    Where there is no other moderator (`others` is 0), who hid it may, and the page says so.
    """
    if author_id is not None and actor_id == author_id:
        return False
    return actor_id != by_id or others == 0


def phrases_of(typed: str) -> list[str]:
    """Return what is to be blacked out, one phrase a line, the longest first, each once."""
    lines = {" ".join(line.split()) for line in typed.splitlines()}
    return sorted((line for line in lines if line), key=lambda line: (-len(line), line))


def black_out(words: str, phrases: Sequence[str], instead: str) -> str:
    """Return words without these phrases, however they are written in capitals and broken into lines."""
    for phrase in phrases:
        found = r"\s+".join(map(re.escape, phrase.split()))
        words = re.sub(found, lambda _match: instead, words, flags=re.IGNORECASE)
    return words


def rows_for(width: int, height: int) -> int:
    """Return how many rows the grid over a picture of this size has, so that cells are about square."""
    return min(MOST_ROWS, max(FEWEST_ROWS, round(COLUMNS * height / max(1, width))))


def cells_of(marked: Iterable[str], *, rows: int) -> list[Cell]:
    """Return the cells that a form sent as `column-row`; what is none is left out."""
    cells = set()
    for one in marked:
        match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", one, re.ASCII)
        if match and int(match[1]) < COLUMNS and int(match[2]) < rows:
            cells.add((int(match[1]), int(match[2])))
    return sorted(cells)
