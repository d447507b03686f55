"""What is done to many cases at once, in words: the acts, and why a case is left out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from cps.cases.rules import Outcome, Status
from cps.core.i18n import lazy_gettext as _l
from cps.triage.work.rules import BulkAct, Said, Skip

ACTS: Mapping[BulkAct, Any] = {
    BulkAct.ASSIGN: _l("Give them to somebody"),
    BulkAct.CATEGORY: _l("Change the category"),
    BulkAct.PRIORITY: _l("Change the priority"),
    BulkAct.TRANSFER: _l("Transfer to another department"),
    BulkAct.MOVE: _l("Move and tell the residents"),
    BulkAct.JOIN: _l("Join to one case"),
}

SKIPS: Mapping[Skip, Any] = {
    Skip.NOT_YOURS: _l("Not at your desk"),
    Skip.SAME: _l("It is so already"),
    Skip.NO_MOVE: _l("Not possible from where the case is now"),
    Skip.OTHER_KIND: _l("Another kind of case"),
    Skip.NOT_THEIRS: _l("Whom you chose does not work in its department"),
    Skip.CHANGED: _l("Somebody changed it meanwhile"),
    Skip.DATE_MOVED: _l("Its date moved, and a date never moves back"),
    Skip.STOPPED: _l("It was undone before this one’s turn"),
}

MOVES: Mapping[str, tuple[Status, Outcome | None]] = {
    "in-progress": (Status.IN_PROGRESS, None),
    "planned": (Status.PLANNED, None),
    "waiting-others": (Status.WAITING_OTHERS, None),
    "waiting-resident": (Status.WAITING_RESIDENT, None),
    "answered": (Status.CLOSED, Outcome.ANSWERED),
    "not-ours": (Status.CLOSED, Outcome.NOT_OURS),
    "cannot-be-done": (Status.CLOSED, Outcome.CANNOT_BE_DONE),
}
"""Where many can be moved, by the value in the form; what was repaired is shown by a photo, one by one."""


def why_in_words(why: str) -> str:
    """Return why a case was left out; a refusal of a rule stands there in its own words."""
    return str(SKIPS[Skip(why)]) if why in list(Skip) else why


SAID: Mapping[Said, Any] = {
    Said.ANYTHING: _l("Answered"),
    Said.YES: _l("“Yes, it is fixed”"),
    Said.NO: _l("“No, it is not”"),
    Said.REOPENED: _l("Opened again"),
}

AGE_WORDS = (_l("up to 7 days"), _l("8 to 30 days"), _l("31 to 90 days"), _l("older than 90 days"))
"""The ages of open cases, as `rules.AGES` cuts them."""

_NOBODY = _l("Nobody has taken it")
_CAUSES: Mapping[Status, Any] = {
    Status.IN_PROGRESS: _l("An officer works on it"),
    Status.WAITING_OTHERS: _l("Somebody outside the city has to do something"),
    Status.WAITING_RESIDENT: _l("The resident was asked, for longer than the clock waits"),
    Status.PLANNED: _l("It is planned for later than was promised"),
    Status.REOPEN_ASKED: _l("A resident says it is not fixed; nobody has looked again"),
    Status.ANSWER_DUE: _l("The answer to a proposal is not out"),
}


def causes(rows: Iterable[Any]) -> list[tuple[str, int]]:
    """Return for what late cases wait, in words, with how many, the most first."""
    found: Counter[str] = Counter()
    for status, is_taken, number in rows:
        idle = _l("Somebody has it and has not begun") if is_taken else _NOBODY
        found[str(_CAUSES.get(status, idle))] += number
    return found.most_common()
