"""The counts of a poll that shows them while it is open, for its page, for programs and for spreadsheets."""

from collections.abc import Mapping
from datetime import datetime

from cps.core.i18n import date_time, localized, ngettext, number
from cps.core.i18n import gettext as _
from cps.polls import canonical, presenting
from cps.polls.models import Poll
from cps.polls.outcome import Row
from cps.polls.presenting import Stage
from cps.polls.queries import SoFar
from cps.polls.rules import BATCH_SIZE, BATCH_WAITS_FOR, Method, ResultsWhen
from cps.polls.specification import Specification

FORMAT = "cps-poll-so-far-1"

RUNNING = frozenset({Stage.OPEN, Stage.SUSPENDED})


def is_shown(poll: Poll, at: datetime) -> bool:
    """Say whether a poll shows counts in place of a result at this moment: it is live, and not over."""
    return poll.results is ResultsWhen.LIVE and presenting.stage_of(poll, at) in RUNNING


def rows(specification: Specification, counts: Mapping[str, int], *, filled: int) -> list[Row]:
    """Return a row for each option, most votes first; nothing has won yet."""
    told = [
        Row(
            code=option.code,
            label=localized(option.labels),
            votes=counts[option.code],
            of=filled,
            paper=None,
            cost=None,
            won=False,
        )
        for option in specification.options
    ]
    return sorted(told, key=lambda row: -row.votes)


def counted_line(found: SoFar) -> str:
    """Return how far it is counted: up to which batch, how many votes of how many, and how many wait."""
    return _(
        "Counted up to batch %(batch)s, %(moment)s: %(size)s of %(roll)s votes, %(blank)s. %(pending)s wait"
        " for the next batch.",
        batch=number(found.batch),
        moment=date_time(found.at),
        size=number(found.size),
        roll=number(found.roll),
        blank=ngettext("%(num)s of them blank", "%(num)s of them blank", found.blank),
        pending=number(found.pending),
    )


def next_line() -> str:
    """Return when more is counted."""
    return _(
        "The next %(size)s are counted once %(waiting)s wait, a minute after this batch at the earliest; the"
        " rest after the close.",
        size=number(BATCH_SIZE),
        waiting=number(BATCH_WAITS_FOR),
    )


def method_line(method: Method) -> str:
    """Return what these counts leave out that the result of this method has; "" for nothing."""
    if method is Method.RANKING:
        return _("Only first choices are counted here. The other choices count after the close.")
    if method is Method.BUDGET:
        return _("Which projects are funded is decided after the close.")
    return ""


def as_json(poll: Poll, found: SoFar) -> bytes:
    """Return the counts for programs; `blank` and `counts` are of the `size` ballots up to `batch`."""
    return canonical.to_bytes(
        {
            "format": FORMAT,
            "poll": poll.slug,
            "specification": poll.spec_sha256,
            "method": poll.method.value,
            "batch": found.batch,
            "signed_at": canonical.time_to_text(found.at),
            "size": found.size,
            "pending": found.pending,
            "roll": found.roll,
            "blank": found.blank,
            "counts": dict(found.counts),
        }
    )
