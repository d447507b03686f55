"""Participatory budget: options from the most approvals down, each funded as long as the money lasts."""

from cps.polls.tally.ballots import all_marks
from cps.polls.tally.model import Budgeting, Counting, Counts, Draw, Outcome, Rules, Votes
from cps.polls.tally.ties import as_drawn


def decide(rules: Rules, _votes: Votes, counts: Counts, draw: Draw) -> Outcome:
    """Return what is funded; a tie that the money cannot settle ends the count where no draw orders it."""
    purse = _Purse(rules)
    steps = sorted({number for number in counts.values() if number}, reverse=True)
    tie: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    for approvals in steps:
        equal = purse.able_to_pay(tuple(code for code in counts if counts[code] == approvals))
        drawn = as_drawn(equal, draw)
        if not drawn and not purse.can_pay_all(equal):
            tie = equal
            undecided = (*equal, *(code for code in counts if 0 < counts[code] < approvals))
            break
        purse.pay_each(drawn or equal)
    purse.rejected += [code for code in counts if not counts[code]]
    funded, rejected = tuple(purse.funded), tuple(purse.rejected)
    budgeting = Budgeting(funded, rejected, undecided, spent=purse.spent)
    return Outcome(winners=funded, tie=tie, budgeting=budgeting)


class _Purse:
    """The money that is left, and what became of the options so far."""

    def __init__(self, rules: Rules) -> None:
        self.costs = rules.costs
        self.left = rules.budget or 0
        self.spent = 0
        self.funded: list[str] = []
        self.rejected: list[str] = []

    def able_to_pay(self, equal: tuple[str, ...]) -> tuple[str, ...]:
        """Reject those that could not even be paid alone and return the others."""
        self.rejected += [code for code in equal if self.costs[code] > self.left]
        return tuple(code for code in equal if self.costs[code] <= self.left)

    def can_pay_all(self, codes: tuple[str, ...]) -> bool:
        return sum(self.costs[code] for code in codes) <= self.left

    def pay_each(self, codes: tuple[str, ...]) -> None:
        """Fund one after the other what still fits and reject the rest."""
        for code in codes:
            if self.costs[code] <= self.left:
                self.left -= self.costs[code]
                self.spent += self.costs[code]
                self.funded.append(code)
            else:
                self.rejected.append(code)


COUNTING = Counting(add=all_marks, decide=decide)
