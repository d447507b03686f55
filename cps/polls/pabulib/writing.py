"""Writes the ballots of a budget poll as a `.pb` file, a line at a time."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping

from cps.polls.rules import Method
from cps.polls.specification import Specification
from cps.polls.tally import Choice
from cps.polls.texts import english_or_first

_DATE = "%d.%m.%Y"


def write(
    poll: Specification,
    choices: Iterable[Choice],
    *,
    approvals: Mapping[str, int],
    ballots: int,
    funded: Collection[str] | None = None,
    country: str = "",
) -> Iterator[str]:
    """Yield the lines of the file, each with its end; voters are numbered as `choices` come, blank ones too.

    `approvals` (per option) and `ballots` are the numbers of these choices, which stand before them in the
    file. `funded` marks the options that won. Days are those of UTC. ValueError unless the poll is a budget.
    """
    if poll.method is not Method.BUDGET:
        raise ValueError("only budgets are written like this")
    yield from ("META\n", _row("key", "value"))
    yield from (_row(key, value) for key, value in _meta(poll, ballots, country) if value)
    columns = ("project_id", "cost", "votes", "name")
    yield from ("PROJECTS\n", _row(*columns, *(() if funded is None else ("selected",))))
    for option in poll.options:
        selected = () if funded is None else (str(int(option.code in funded)),)
        votes = approvals.get(option.code, 0)
        _, name = english_or_first(option.labels)
        yield _row(option.code, str(option.cost), str(votes), name or option.code, *selected)
    yield from ("VOTES\n", _row("voter_id", "vote"))
    yield from (f"{number};{','.join(choice)}\n" for number, choice in enumerate(choices, 1))


def _meta(poll: Specification, ballots: int, country: str) -> Iterator[tuple[str, str]]:
    language, question = english_or_first(poll.question)
    yield "description", question
    yield "country", country
    yield "unit", poll.city
    yield "instance", poll.poll
    yield "num_projects", str(len(poll.options))
    yield "num_votes", str(ballots)
    yield "budget", str(poll.budget)
    yield "vote_type", "approval"
    yield "rule", "greedy"
    yield "date_begin", poll.opens_at.strftime(_DATE)
    yield "date_end", poll.closes_at.strftime(_DATE)
    yield "min_length", "0"
    yield "max_length", str(poll.most)
    yield "max_sum_cost", str(poll.budget)
    yield "language", language
    yield "currency", poll.currency or ""


def _row(*fields: str) -> str:
    line = io.StringIO()
    one_line = [" ".join(field.split()) for field in fields]
    csv.writer(line, delimiter=";", lineterminator="\n").writerow(one_line)
    return line.getvalue()
