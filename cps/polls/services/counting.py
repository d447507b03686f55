"""After the close: paper ballots, a public draw, the count."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cps.accounts.models import Account
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.polls import ballot, canonical, queries, tally
from cps.polls.key_ring import specification_of
from cps.polls.keys import WorkerKeys
from cps.polls.models import PaperCount, Poll
from cps.polls.pieces import Pieces
from cps.polls.rules import PollEventKind, PollState, TieRule
from cps.polls.seal import opener
from cps.polls.services.events import move, record
from cps.polls.specification import Specification

FORMAT = "cps-poll-result-1"
AGREED = 2
"""So many officers must have counted the same paper ballots."""

BALLOTS_AT_ONCE = 2_000
"""So many are opened in a piece of work: half a second at the most."""

COUNTABLE = frozenset({PollState.CLOSED, PollState.TALLIED})


def rules_of(specification: Specification) -> tally.Rules:
    """Return what the count needs to know of a specification."""
    options = tuple((option.code, option.cost) for option in specification.options)
    return tally.Rules(specification.method, options, specification.most, specification.budget)


def enter_paper(poll: Poll, totals: tally.PaperTotals, *, by: Account, at: datetime) -> None:
    """Keep what one officer counted of the paper ballots; a later count of the same officer replaces it.

    The worker counts anew only where this changes on what two officers agree. Raises InvalidPaper for what
    cannot be, RuleViolation where the roll has another number on paper, or nobody.
    """
    _must_be_countable(poll)
    if not queries.has_paper_roll(poll.id):
        raise RuleViolation(_("Nobody voted on paper."))
    rules = rules_of(specification_of(poll))
    totals.votes(rules)
    on_paper = queries.on_roll(poll.id, on_paper=True)
    if totals.ballots != on_paper:
        raise RuleViolation(
            _(
                "The roll has %(roll)s votes on paper, you counted %(counted)s.",
                roll=on_paper,
                counted=totals.ballots,
            )
        )
    before = agreed_paper(poll)
    db.session.merge(PaperCount(poll_id=poll.id, officer_id=by.id, at=at, totals=_plain(totals, rules)))
    db.session.flush()
    record(poll, PollEventKind.PAPER_COUNTED, by=by, at=at, ballots=totals.ballots)
    if agreed_paper(poll) != before:
        _count_anew(poll, at)


def agreed_paper(poll: Poll) -> tally.PaperTotals | None:
    """Return the paper totals on which two officers agree, and more than on any others; None for none."""
    counted = queries.latest_paper_counts(poll.id)
    same = Counter(json.dumps(row.totals, sort_keys=True) for row in counted)
    officers = max(same.values(), default=0)
    agreed = [text for text, number in same.items() if number == officers >= AGREED]
    return _paper(json.loads(agreed[0])) if len(agreed) == 1 else None


def paper_is_settled(poll: Poll) -> bool:
    """Say whether the count may go on: nobody voted on paper, or two officers counted the same."""
    return not queries.has_paper_roll(poll.id) or agreed_paper(poll) is not None


def enter_draw(poll: Poll, codes: Sequence[str], *, by: Account, at: datetime) -> None:
    """Enter the order of the public draw that was announced: every option once, the first drawn first."""
    _must_be_countable(poll)
    specification = specification_of(poll)
    if specification.tie is not TieRule.DRAW:
        raise RuleViolation(_("This poll reports ties; no draw was announced before it opened."))
    if sorted(codes) != sorted(specification.codes):
        raise RuleViolation(_("Enter every option exactly once, in the order in which they were drawn."))
    poll.draw = list(codes)
    record(poll, PollEventKind.DRAWN, by=by, at=at, order=list(codes))
    _count_anew(poll, at)


def collected(poll: Poll, worker: WorkerKeys) -> Pieces[Counter[ballot.Choice]]:
    """Return each distinct choice in the box with how often it was made, a piece at a time."""
    found: Counter[ballot.Choice] = Counter()
    for number, choice in enumerate(choices(poll, worker), 1):
        found[choice] += 1
        if number % BALLOTS_AT_ONCE == 0:
            yield
    return found


def choices(poll: Poll, worker: WorkerKeys) -> Iterator[ballot.Choice]:
    """Yield the choice of every ballot in the box, in the order of the ledger."""
    specification = specification_of(poll)
    return (ballot.parse_line(line, specification).choice for line in lines(poll, worker))


def lines(poll: Poll, worker: WorkerKeys) -> Iterator[bytes]:
    """Yield the lines of the ballots in the box, in the order of the ledger; the session may end in between.

    It takes a tenth of a millisecond each to open them.
    """
    open_one = opener(worker.seal_private, poll.spec_sha256.encode())
    return (ballot.unpad(open_one(body)) for body in queries.box_bodies(poll.id))


def counted(poll: Poll, ballots: Mapping[ballot.Choice, int]) -> bytes:
    """Return the bytes of `result.json` for these ballots, with agreed paper and draw."""
    specification = specification_of(poll)
    found = tally.count(rules_of(specification), ballots, paper=agreed_paper(poll), draw=poll.draw or None)
    return canonical.to_bytes(
        {
            "format": FORMAT,
            "poll": poll.slug,
            "specification": poll.spec_sha256,
            "method": specification.method.value,
            "eligible": specification.eligible,
            **found.as_json(),
        }
    )


def finish(poll: Poll, result: bytes, *, at: datetime) -> None:
    """Keep the result of a locked poll that is closed."""
    move(poll, PollState.TALLIED, at=at)
    poll.tallied_at = at
    poll.result_json = result.decode()
    record(poll, PollEventKind.TALLIED, by=None, at=at, result=canonical.sha256(result))


def _must_be_countable(poll: Poll) -> None:
    if poll.state not in COUNTABLE or poll.publish_asked_at is not None:
        raise RuleViolation(_("This can be entered after the close and before the result is published."))


def _count_anew(poll: Poll, at: datetime) -> None:
    """Let the worker count again: what it counted before lacks what was just entered."""
    if poll.state is PollState.TALLIED:
        move(poll, PollState.CLOSED, at=at)
        poll.result_json = ""


def _plain(totals: tally.PaperTotals, rules: tally.Rules) -> dict[str, Any]:
    plain: Any = totals.as_json(rules)
    return dict(plain)


def _paper(plain: dict[str, Any]) -> tally.PaperTotals:
    return tally.PaperTotals(
        ballots=plain["ballots"],
        blank=plain["blank"],
        counts=plain.get("counts", {}),
        rankings={tuple(row["choice"]): row["count"] for row in plain.get("rankings", ())},
    )
