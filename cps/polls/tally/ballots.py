"""Ballots cast online: gathered by choice, held against the rules, added up."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from cps.polls.rules import Method
from cps.polls.tally.model import Choice, Counts, Rules, Votes


class InvalidChoice(ValueError):
    """A choice that the rules do not allow; the message says why."""

    def __init__(self, choice: Choice, why: str) -> None:
        super().__init__(f"{list(choice)}: {why}")
        self.choice = choice


def collect(choices: Iterable[Sequence[str]]) -> Counter[Choice]:
    """Return each distinct choice with how often it was made."""
    return Counter(map(tuple, choices))


def check_ballots(rules: Rules, ballots: Mapping[Choice, int]) -> None:
    """Raise InvalidChoice for the first choice that the rules do not allow, or that fewer than none made."""
    for choice, number in ballots.items():
        check_choice(rules, choice)
        if number < 0:
            raise InvalidChoice(choice, f"made {number} times")


def check_choice(rules: Rules, choice: Choice) -> None:
    """Raise InvalidChoice unless one ballot may hold this."""
    for code in choice:
        if code not in rules.costs:
            raise InvalidChoice(choice, f"there is no option {code!r}")
    if len({*choice}) != len(choice):
        raise InvalidChoice(choice, "an option stands in it twice")
    if len(choice) > rules.most:
        raise InvalidChoice(choice, f"holds more than {rules.most}")
    if rules.method is not Method.RANKING and [*choice] != sorted(choice):
        raise InvalidChoice(choice, "not sorted")
    if rules.limit is not None and sum(rules.costs[code] for code in choice) > rules.limit:
        raise InvalidChoice(choice, "costs more than a ballot may")


def all_marks(rules: Rules, votes: Votes) -> Counts:
    """Return for each option how many marked it."""
    counts = dict.fromkeys(rules.codes, 0)
    for choice, number in votes:
        for code in choice:
            counts[code] += number
    return counts


def first_marks(rules: Rules, votes: Votes) -> Counts:
    """Return for each option how many ranked it first."""
    return all_marks(rules, [(choice[:1], number) for choice, number in votes])
