"""The life of an article, who may publish it, and when its texts are out of date; no Flask, no database."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import count
from typing import Any

from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.text import latin

LONGEST_TITLE = 160
LONGEST_BODY = 20_000
LONGEST_WORDS = 1_000
LONGEST_SLUG = 60
LONGEST_SYNONYM = 60
MOST_SYNONYMS = 20

AUTHORS_PUBLISH = "answers_by_author"
"""The city's setting that lets whoever wrote an article publish it."""


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote in one language."""

    title: str
    body: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an article is besides its texts."""

    category_id: int | None = None
    department_id: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    review_on: date | None = None
    owner_id: int | None = None

    def columns(self) -> dict[str, Any]:
        """Return the columns by name."""
        return {name: getattr(self, name) for name in self.__slots__}


class ArticleStatus(StrEnum):
    """Where the text of an article is that is being written."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    PUBLISHED = "published"
    RETIRED = "retired"


class Happening(StrEnum):
    """What may happen to an article."""

    WRITTEN = "written"
    CONFIRMED = "confirmed"
    """A translation says what the article says, though the article is newer."""

    SENT = "sent"
    RETURNED = "returned"
    PUBLISHED = "published"
    RETIRED = "retired"
    RESUMED = "resumed"
    SET = "set"
    """Category, department, validity, owner or review date were changed."""

    REVIEWED = "reviewed"
    IMPORTED = "imported"


class Move(StrEnum):
    """What an editor does with an article as a whole."""

    SEND = "send"
    RETURN = "return"
    PUBLISH = "publish"
    RETIRE = "retire"
    RESUME = "resume"


_S = ArticleStatus
MOVES: Mapping[Move, tuple[Collection[ArticleStatus], ArticleStatus, Happening]] = {
    Move.SEND: ((_S.DRAFT,), _S.IN_REVIEW, Happening.SENT),
    Move.RETURN: ((_S.IN_REVIEW,), _S.DRAFT, Happening.RETURNED),
    Move.PUBLISH: ((_S.IN_REVIEW,), _S.PUBLISHED, Happening.PUBLISHED),
    Move.RETIRE: ((_S.DRAFT, _S.IN_REVIEW, _S.PUBLISHED), _S.RETIRED, Happening.RETIRED),
    Move.RESUME: ((_S.RETIRED,), _S.DRAFT, Happening.RESUMED),
}
"""From which statuses each move leads to which, and what it leaves in the history."""

NEED_WORDS = {Move.RETURN, Move.RETIRE}
"""Moves that say why."""


def check_move(move: Move, status: ArticleStatus, message: str) -> None:
    """Raise RuleViolation where an article of this status cannot be moved so, or a reason is missing."""
    if status not in MOVES[move][0]:
        raise RuleViolation(_("Somebody else moved this article on a moment ago. Look at it anew."))
    if move in NEED_WORDS and not message:
        raise RuleViolation(_("Say why. The other editors read it."))


def moves_from(status: ArticleStatus) -> list[Move]:
    """Return what can be done with an article of this status."""
    return [move for move, (origins, _to, _leaves) in MOVES.items() if status in origins]


def check_second_person(publisher: int, writers: Collection[int], *, authors_may: bool) -> bool:
    """Return whether somebody publishes their own words, which the city must allow.

    `writers` are all who wrote since it was published last. Raises RuleViolation where it does not allow it.
    """
    is_alone = publisher in writers
    if is_alone and not authors_may:
        raise RuleViolation(_("You wrote a part of this. Somebody else reads and publishes it."))
    return is_alone


def is_out_of_date(of_edition: int | None, edition: int) -> bool:
    """Say whether a translation was made from an earlier edition; the article's own language never is."""
    return of_edition is not None and of_edition < edition


_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")


def slug_of(title: str) -> str:
    """Return an address made of a title in plain letters; "answer" where it has none of them."""
    words = _NOT_IN_SLUG.sub("-", latin(title)).strip("-")
    short = words if len(words) <= LONGEST_SLUG - 6 else words[: LONGEST_SLUG - 6].rpartition("-")[0]
    return short or "answer"


def free_slug(wanted: str, taken: Collection[str]) -> str:
    """Return the address, with a number behind it where it is taken."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


def is_slug(text: str) -> bool:
    """Say whether a text may be the address of an article."""
    return len(text) <= LONGEST_SLUG and re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", text) is not None
