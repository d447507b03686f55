"""Votes on paper: only their totals are entered, by two officers who must agree."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cps.polls.canonical import Json
from cps.polls.rules import Method
from cps.polls.tally.ballots import InvalidChoice, check_choice
from cps.polls.tally.model import Choice, Rules, Votes


class InvalidPaper(ValueError):
    """Totals that these ballots cannot have; the message says why."""


@dataclass(frozen=True)
class PaperTotals:
    """Ballots on paper, the blank ones among them, and what the others say.

    `counts` holds how many marked each option; a ranking has `rankings` instead, each with its number.
    """

    ballots: int
    blank: int
    counts: Mapping[str, int] = field(default_factory=dict)
    rankings: Mapping[Choice, int] = field(default_factory=dict)

    def votes(self, rules: Rules) -> Votes:
        """Return the votes as if each mark stood alone, rankings whole; raises InvalidPaper."""
        self._check(rules)
        if rules.method is Method.RANKING:
            return [*self.rankings.items()]
        return [((code,), number) for code, number in self.counts.items()]

    def as_json(self, rules: Rules) -> Json:
        """Return what stands in the result: a number for every option, or the rankings sorted."""
        totals: dict[str, Json] = {"ballots": self.ballots, "blank": self.blank}
        if rules.method is Method.RANKING:
            made = sorted((choice, number) for choice, number in self.rankings.items() if number)
            return totals | {"rankings": [{"choice": [*choice], "count": number} for choice, number in made]}
        return totals | {"counts": {code: self.counts.get(code, 0) for code in rules.codes}}

    def _check(self, rules: Rules) -> None:
        is_ranking = rules.method is Method.RANKING
        numbers = self.rankings if is_ranking else self.counts
        if self.counts if is_ranking else self.rankings:
            raise InvalidPaper("rankings belong to a ranking, counts to the other methods")
        if min(self.ballots, self.blank, self.ballots - self.blank, *numbers.values()) < 0:
            raise InvalidPaper("a negative number, or more blank ballots than ballots")
        if is_ranking:
            self._check_rankings(rules)
        else:
            self._check_counts(rules)

    def _check_rankings(self, rules: Rules) -> None:
        for choice in self.rankings:
            try:
                check_choice(rules, choice)
            except InvalidChoice as error:
                raise InvalidPaper(str(error)) from None
        if () in self.rankings:
            raise InvalidPaper("a ranking without a rank is a blank ballot")
        if sum(self.rankings.values()) != self.ballots - self.blank:
            raise InvalidPaper("rankings and blank ballots are not as many as the ballots")

    def _check_counts(self, rules: Rules) -> None:
        for code in self.counts:
            if code not in rules.costs:
                raise InvalidPaper(f"there is no option {code!r}")
        filled = self.ballots - self.blank
        if max(self.counts.values(), default=0) > filled:
            raise InvalidPaper("an option has more marks than there are ballots")
        if not filled <= sum(self.counts.values()) <= filled * rules.most:
            raise InvalidPaper("the marks are too few or too many for so many ballots")
        if rules.limit is not None and self._cost(rules) > filled * rules.limit:
            raise InvalidPaper("the marks cost more than so many ballots can spend")

    def _cost(self, rules: Rules) -> int:
        return sum(rules.costs[code] * number for code, number in self.counts.items())
