"""Writes rankings in the format of PrefLib (https://preflib.org/format): orders with how often each was made.

The orders are strict and incomplete. Such a file may be called `.soi`, and `.toi` as well, which allows ties.
PrefLib has no empty order, so blank ballots are left out, and the description says how many there were.
"""

from collections.abc import Iterator, Mapping

from cps.polls.rules import Method
from cps.polls.specification import Specification
from cps.polls.tally import Choice
from cps.polls.texts import english_or_first

TYPES = ("toi", "soi")


def write(poll: Specification, rankings: Mapping[Choice, int], *, data_type: str = "toi") -> Iterator[str]:
    """Yield the lines of the file, each with its end: the header, then the orders, the most frequent first.

    Alternatives are numbered from 1 as the options were published. ValueError unless the poll is a ranking
    and the type one of `TYPES`.
    """
    if poll.method is not Method.RANKING or data_type not in TYPES:
        raise ValueError("only rankings are written like this, as .toi or .soi")
    made = {choice: number for choice, number in rankings.items() if choice and number}
    numbers = {code: number for number, code in enumerate(poll.codes, 1)}
    orders = {tuple(numbers[code] for code in choice): number for choice, number in made.items()}
    for key, value in _header(poll, data_type, blank=rankings.get((), 0)):
        yield f"# {key}: {' '.join(value.split())}\n"
    yield f"# NUMBER ALTERNATIVES: {len(numbers)}\n"
    yield f"# NUMBER VOTERS: {sum(orders.values())}\n"
    yield f"# NUMBER UNIQUE ORDERS: {len(orders)}\n"
    for option in poll.options:
        _, name = english_or_first(option.labels)
        yield f"# ALTERNATIVE NAME {numbers[option.code]}: {' '.join(name.split()) or option.code}\n"
    for order, number in sorted(orders.items(), key=lambda item: (-item[1], item[0])):
        yield f"{number}: {','.join(map(str, order))}\n"


def _header(poll: Specification, data_type: str, blank: int) -> Iterator[tuple[str, str]]:
    _, question = english_or_first(poll.question)
    day = poll.closes_at.date().isoformat()
    yield "FILE NAME", f"ballots.{data_type}"
    yield "TITLE", question
    yield "DESCRIPTION", f"{poll.city}, poll {poll.poll}; {blank} blank ballots are left out"
    yield "DATA TYPE", data_type
    yield "MODIFICATION TYPE", "original"
    yield "RELATES TO", ""
    yield "RELATED FILES", ""
    yield "PUBLICATION DATE", day
    yield "MODIFICATION DATE", day
