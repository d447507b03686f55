"""Ranking: an instant run-off. Every ballot lies on the pile of its highest option that is still in."""

from collections.abc import Sequence

from cps.polls.tally.ballots import first_marks
from cps.polls.tally.model import Counting, Counts, Draw, Outcome, Round, Rules, Votes
from cps.polls.tally.ties import as_drawn


def decide(rules: Rules, votes: Votes, counts: Counts, draw: Draw) -> Outcome:
    """Return the winner of the run-off with all its rounds, or who is equal where it had to stop."""
    if not any(counts.values()):
        return Outcome()
    ballots = [(choice, number) for choice, number in votes if choice]
    left = [*rules.codes]
    rounds: list[Round] = []
    while True:
        rounds.append(last := _one_round(left, ballots, draw))
        if last.winner:
            return Outcome(winners=(last.winner,), rounds=tuple(rounds))
        if not last.out:
            return Outcome(tie=tuple(_lowest(last.counts)), rounds=tuple(rounds))
        left = [code for code in left if code not in last.out]


def _one_round(left: Sequence[str], ballots: Votes, draw: Draw) -> Round:
    counts = dict.fromkeys(left, 0)
    exhausted = 0
    for choice, number in ballots:
        highest = next((code for code in choice if code in counts), None)
        if highest is None:
            exhausted += number
        else:
            counts[highest] += number
    still_counting = sum(counts.values())
    winner = next((code for code in left if 2 * counts[code] > still_counting), None)
    return Round(counts, exhausted, () if winner else _who_goes(counts, draw), winner)


def _lowest(counts: Counts) -> list[str]:
    fewest = min(counts.values())
    return [code for code, number in counts.items() if number == fewest]


def _who_goes(counts: Counts, draw: Draw) -> tuple[str, ...]:
    """Return who leaves after a round without a winner; nobody where only a draw could tell."""
    lowest = _lowest(counts)
    together = sum(counts[code] for code in lowest)
    higher = [number for code, number in counts.items() if code not in lowest]
    if higher and together < min(higher):
        return tuple(lowest)
    return as_drawn(lowest, draw)[-1:]


COUNTING = Counting(add=first_marks, decide=decide)
