"""What is sent to another system, what its answers mean, when it is asked again; no Flask, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cps.core import text

EVERYTHING_ELSE = "*"
"""In the routes of a system: where cases of a category without a route of its own go."""

STAYS = " stays"
"""In the routes of a system: the category goes nowhere, whatever all others do. No code begins so."""

LONGEST_CODE = 120
LONGEST_NUMBER = 120
LONGEST_NOTES = 2_000
LONGEST_WORDS = 200
LONGEST_DESCRIPTION = 4_000
MOST_SERVICES = 1_000
MOST_ANSWERED = 100
"""So many sent cases are asked about in one request."""

FIRST_LOOK = timedelta(minutes=1)
OFTEN, SELDOM, RARELY = timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6)
LOOKED_AFTER_OFTEN = timedelta(days=7)
FOLLOWED_AFTER_END = timedelta(days=30)
"""So long after a case was closed here it is still asked whether the other side begins anew."""

TOKEN_FOR = timedelta(days=30)
TOLD_APART = timedelta(hours=6)
MOST_TOLD = 30
"""So often one case is told of by a system; afterwards it only stands on the desk."""

SHORTEST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=10)
SERVICES_KEPT = timedelta(days=1)


class Stage(StrEnum):
    """How far a sent case has come: it waits, was taken without a number, is open there, is closed there."""

    WAITING = "waiting"
    TAKEN = "taken"
    OPEN = "open"
    CLOSED = "closed"


class Ending(StrEnum):
    """Why a sent case is not followed any more."""

    ELSEWHERE = "elsewhere"
    NOT_PUBLIC = "not-public"
    NO_ROUTE = "no-route"
    DONE = "done"
    DROPPED = "dropped"


class Trouble(StrEnum):
    """What is wrong with a system or with what it answers; pages have a sentence for each."""

    UNREACHABLE = "unreachable"
    OUR_NETWORK = "our-network"
    REDIRECT = "redirect"
    KEY = "key"
    KEY_LOST = "key-lost"
    NOT_FOUND = "not-found"
    BUSY = "busy"
    BROKEN = "broken"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    REFUSED = "refused"
    NO_NUMBER = "no-number"
    NO_PLACE = "no-place"
    NO_TOKEN = "no-token"  # noqa: S105 - no secret


OF_SETTINGS = frozenset({Trouble.OUR_NETWORK, Trouble.REDIRECT, Trouble.KEY, Trouble.KEY_LOST, Trouble.BUSY})
"""No case is to blame for these: all of them wait, and none loses a try."""

FOR_GOOD = frozenset(
    {
        *(Trouble.REFUSED, Trouble.NOT_FOUND, Trouble.UNREADABLE, Trouble.TOO_LARGE),
        *(Trouble.NO_NUMBER, Trouble.NO_PLACE, Trouble.NO_TOKEN),
    }
)
"""Sending again after these would change nothing, or file the case a second time. The system itself works."""

ONE_BY_ONE = frozenset({Trouble.REFUSED, Trouble.NOT_FOUND, Trouble.UNREADABLE})
"""After these answers to a list of numbers they are asked for one by one: not every system has lists."""


class Failed(Exception):
    """A request that came to nothing; `words` are those of the other system, shortened."""

    def __init__(self, trouble: Trouble, words: str = "") -> None:
        super().__init__(f"{trouble.value} {words}".strip())
        self.trouble = trouble
        self.words = words


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a system is and what it gave us; without a key the one it gave before stays."""

    base_url: str
    jurisdiction: str = ""
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class There:
    """What another system says of a case: open or closed, and its notes."""

    number: str
    is_closed: bool
    notes: str = ""


class News(StrEnum):
    """What is to be told after a look."""

    NOTHING = "nothing"
    SAID = "said"
    DONE = "done"
    AGAIN = "again"


def news(
    stage: Stage, notes: str, there: There, *, told_at: datetime | None, is_first: bool, at: datetime
) -> News:
    """Return what is new after a look, where until now it was at this stage with these notes.

    What a system says of a case that it has just got is no news. Notes alone are told some hours apart.
    """
    if there.is_closed and stage is not Stage.CLOSED:
        return News.DONE
    if not there.is_closed and stage is Stage.CLOSED:
        return News.AGAIN
    is_new = there.notes not in {"", notes} and not is_first
    is_quiet = told_at is None or told_at + TOLD_APART <= at
    return News.SAID if is_new and is_quiet and not there.is_closed else News.NOTHING


def next_look(*, is_closed: bool, sent_at: datetime, at: datetime) -> datetime:
    """Return when to ask about a case again."""
    if is_closed:
        return at + RARELY
    return at + (OFTEN if at < sent_at + LOOKED_AFTER_OFTEN else SELDOM)


def rest_after(failures: int) -> timedelta:
    """Return how long to leave a system alone that failed so often: 30 s, 1 min … to ten minutes."""
    return min(SHORTEST_REST * (1 << min(max(0, failures - 1), 10)), LONGEST_REST)


def trouble_of(status: int) -> Trouble | None:
    """Return what a status says is wrong; None where the request was taken."""
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return Trouble.REDIRECT
    known = {401: Trouble.KEY, 403: Trouble.KEY, 404: Trouble.NOT_FOUND, 408: Trouble.BROKEN}
    if status in {425, 429, 503}:
        return Trouble.BUSY
    return known.get(status, Trouble.REFUSED if status < 500 else Trouble.BROKEN)


def route_of(routes: Mapping[str, str], category: str) -> str:
    """Return the service to which a category goes; "" where it goes to none."""
    code = routes.get(category) or routes.get(EVERYTHING_ELSE, "")
    return "" if code == STAYS else code


def matching(answers: Mapping[str, Sequence[str]], attributes: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the fields for those answers that the other system asks by the same code, and takes."""
    fields: list[tuple[str, str]] = []
    for attribute in attributes:
        code, keys = str(attribute["code"]), attribute["keys"]
        values = [value for value in answers.get(code, ()) if value and (not keys or value in keys)]
        if attribute["several"]:
            fields += [(f"attribute[{code}][]", value) for value in values]
        else:
            fields += [(f"attribute[{code}]", value) for value in values[:1]]
    return fields


def unanswerable(attributes: Sequence[Mapping[str, Any]], codes: Sequence[str]) -> list[str]:
    """Return what a service must be told that we do not ask by the same code."""
    return [one["label"] or one["code"] for one in attributes if one["required"] and one["code"] not in codes]


def description(body: str, page: str) -> str:
    """Return the words of a case with the address of its page, as long as the standard takes at most."""
    room = LONGEST_DESCRIPTION - len(page) - 2
    words = body if len(body) <= room else body[: room - 1].rstrip() + "…"
    return f"{words}\n\n{page}"


def notes(value: Any) -> str:
    """Return what another system says as a text of ours: clean, not too long; markup stays text."""
    words = text.clean(str(value)[: 4 * LONGEST_NOTES]) if isinstance(value, (str, int, float)) else ""
    return words if len(words) <= LONGEST_NOTES else words[: LONGEST_NOTES - 1].rstrip() + "…"


def word(value: Any, longest: int) -> str:
    """Return a code or number of another system in one line; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    line = text.one_line(str(value)[: 4 * longest])
    return line if len(line) <= longest else ""
