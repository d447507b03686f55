"""Equal options: a public draw tells them apart, or nothing does."""

from collections.abc import Sequence

from cps.polls.tally.model import Counts, Draw, Outcome, Rules


class InvalidDraw(ValueError):
    """A draw that cannot have been one of these options; the message says why."""


def check_draw(rules: Rules, draw: Draw) -> None:
    """Raise InvalidDraw where something was drawn that is no option, or one twice."""
    for code in draw or ():
        if code not in rules.costs:
            raise InvalidDraw(f"there is no option {code!r}")
    if len({*(draw or ())}) != len(draw or ()):
        raise InvalidDraw("an option was drawn twice")


def as_drawn(equal: Sequence[str], draw: Draw) -> tuple[str, ...]:
    """Return equal options from the first drawn to the last; none where not all of them were drawn."""
    drawn = tuple(code for code in draw or () if code in equal)
    return drawn if len(drawn) == len(equal) else ()


def most_votes(rules: Rules, counts: Counts, draw: Draw) -> Outcome:
    """Return the option with the most votes as winner; no winner where nobody voted for any."""
    best = max(counts.values(), default=0)
    if not best:
        return Outcome()
    equal = rules.in_order(code for code, number in counts.items() if number == best)
    if len(equal) == 1:
        return Outcome(winners=equal)
    drawn = as_drawn(equal, draw)
    return Outcome(winners=drawn[:1]) if drawn else Outcome(tie=equal)
