"""Single choice: one mark on a ballot, the most marks win."""

from cps.polls.tally.ballots import all_marks
from cps.polls.tally.model import Counting, Counts, Draw, Outcome, Rules, Votes
from cps.polls.tally.ties import most_votes


def decide(rules: Rules, _votes: Votes, counts: Counts, draw: Draw) -> Outcome:
    """Return who has the most votes."""
    return most_votes(rules, counts, draw)


COUNTING = Counting(add=all_marks, decide=decide)
