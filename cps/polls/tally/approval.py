"""Approval: several marks on a ballot, each counts one, the most win."""

from cps.polls.tally.ballots import all_marks
from cps.polls.tally.model import Counting, Counts, Draw, Outcome, Rules, Votes
from cps.polls.tally.ties import most_votes


def decide(rules: Rules, _votes: Votes, counts: Counts, draw: Draw) -> Outcome:
    """Return who has the most approvals."""
    return most_votes(rules, counts, draw)


COUNTING = Counting(add=all_marks, decide=decide)
