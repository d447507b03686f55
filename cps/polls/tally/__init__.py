"""Counts the ballots of a poll as `docs/recounting.md` (Result) says: pure, in whole numbers.

The same ballots give the same bytes on every machine, in every order they come in. One file per method; a
method more is a file with a `Counting` and a line in `METHODS`.
"""

from collections.abc import Mapping, Sequence

from cps.polls.rules import Method
from cps.polls.tally import approval, budget, ranking, single
from cps.polls.tally.ballots import InvalidChoice, check_ballots, collect
from cps.polls.tally.model import Choice, Counting, InvalidRules, Round, Rules
from cps.polls.tally.paper import InvalidPaper, PaperTotals
from cps.polls.tally.result import Result
from cps.polls.tally.ties import InvalidDraw, check_draw

__all__ = [
    "Choice",
    "InvalidChoice",
    "InvalidDraw",
    "InvalidPaper",
    "InvalidRules",
    "PaperTotals",
    "Result",
    "Round",
    "Rules",
    "collect",
    "count",
]

METHODS: Mapping[Method, Counting] = {
    Method.SINGLE: single.COUNTING,
    Method.APPROVAL: approval.COUNTING,
    Method.RANKING: ranking.COUNTING,
    Method.BUDGET: budget.COUNTING,
}


def count(
    rules: Rules,
    ballots: Mapping[Choice, int],
    *,
    paper: PaperTotals | None = None,
    draw: Sequence[str] | None = None,
) -> Result:
    """Return the result of the ballots cast online (each distinct choice with its number) and on paper.

    `draw` holds option codes from the first drawn to the last; a tie that it does not order whole stays one.
    Takes the time of the distinct choices, not of the ballots. Raises InvalidChoice for what the rules do not
    allow, InvalidPaper for totals that cannot be, InvalidDraw for strangers or doubles in a draw.
    """
    check_ballots(rules, ballots)
    check_draw(rules, draw)
    votes = [*ballots.items(), *(paper.votes(rules) if paper else ())]
    counting = METHODS[rules.method]
    counts = counting.add(rules, votes)
    return Result(
        rules=rules,
        ballots=sum(ballots.values()),
        blank=ballots.get((), 0),
        paper=paper,
        counts=counts,
        outcome=counting.decide(rules, votes, counts, draw),
        draw=None if draw is None else tuple(draw),
    )
