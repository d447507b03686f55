"""What a count says, and how `result.json` says it."""

from dataclasses import dataclass

from cps.polls.canonical import Json
from cps.polls.tally.model import Budgeting, Choice, Counts, Outcome, Round, Rules
from cps.polls.tally.paper import PaperTotals


@dataclass(frozen=True)
class Result:
    """The result of one count; `ballots` and `blank` were cast online, `counts` are online and paper."""

    rules: Rules
    ballots: int
    blank: int
    paper: PaperTotals | None
    counts: Counts
    outcome: Outcome
    draw: Choice | None

    @property
    def winners(self) -> tuple[str, ...]:
        """Who won; everything that is funded, in a budget."""
        return self.outcome.winners

    @property
    def tie(self) -> tuple[str, ...]:
        """Who is equal, where nothing tells them apart."""
        return self.outcome.tie

    @property
    def rounds(self) -> tuple[Round, ...]:
        """The rounds of a run-off; none elsewhere."""
        return self.outcome.rounds

    @property
    def budgeting(self) -> Budgeting | None:
        """What a budget pays for; None elsewhere."""
        return self.outcome.budgeting

    def as_json(self) -> dict[str, Json]:
        """Return the keys of `result.json` that a count decides."""
        return {
            "ballots": self.ballots,
            "blank": self.blank,
            "paper": self.paper.as_json(self.rules) if self.paper else None,
            "counts": {**self.counts},
            "rounds": [_round_as_json(one) for one in self.rounds],
            "winners": [*self.winners],
            "tie": [*self.tie],
            "draw": None if self.draw is None else [*self.draw],
            **_budgeting_as_json(self.budgeting),
        }


def _round_as_json(one: Round) -> Json:
    return {
        "counts": {**one.counts},
        "exhausted": one.exhausted,
        "out": [*one.out],
        "winner": one.winner,
    }


def _budgeting_as_json(budgeting: Budgeting | None) -> dict[str, Json]:
    if budgeting is None:
        return {"funded": None, "rejected": None, "undecided": None, "spent": None}
    return {
        "funded": [*budgeting.funded],
        "rejected": [*budgeting.rejected],
        "undecided": [*budgeting.undecided],
        "spent": budgeting.spent,
    }
