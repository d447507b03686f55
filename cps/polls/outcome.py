"""A result in words and rows, for its page: who won, by how much, and how it came to that."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cps.core.i18n import gettext as _
from cps.core.i18n import listed, localized, ngettext, number, percent
from cps.polls.outcome_words import drawn_line, left_out, money_line, round_line, sentence
from cps.polls.specification import Specification


@dataclass(frozen=True, slots=True)
class Row:
    """One option in the result: its label, how many chose it, of how many, and whether it won.

    `votes` are online and paper together, `paper` those on paper, None where nobody voted on it. In a ranking
    both are first choices. A row without a code counts the blank ballots, of all ballots.
    """

    code: str
    label: str
    votes: int
    of: int
    paper: int | None
    cost: int | None
    won: bool

    @property
    def share(self) -> str:
        """How large a part chose it, as the page's language writes it."""
        return percent(self.votes / self.of if self.of else 0)

    @property
    def words(self) -> str:
        """Number and share in words of the page's language."""
        return f"{number(self.votes)} · {self.share}"


@dataclass(frozen=True, slots=True)
class Told:
    """What the page of a result says."""

    sentence: str
    rows: Sequence[Row]
    blank_row: Row
    rounds: Sequence[str]
    left_out: Sequence[str]
    drawn: str
    filled: int
    blank: int
    ballots: int
    paper: Mapping[str, Any] | None
    eligible: int | None
    money: str


def told(specification: Specification, result: Mapping[str, Any]) -> Told:
    """Return the words of a result; `result` is the content of `result.json`."""
    paper = result["paper"]
    ballots = result["ballots"] + (paper["ballots"] if paper else 0)
    blank = result["blank"] + (paper["blank"] if paper else 0)
    labels = {option.code: localized(option.labels) for option in specification.options}
    return Told(
        sentence=sentence(specification, result, labels, ballots=ballots, filled=ballots - blank),
        rows=_rows(specification, result, labels, of=ballots - blank),
        blank_row=blank_row(blank, of=ballots, paper=paper["blank"] if paper else None),
        rounds=[round_line(place, one, labels) for place, one in enumerate(result["rounds"], 1)],
        left_out=left_out(specification, result, labels),
        drawn=drawn_line(result, labels),
        filled=ballots - blank,
        blank=blank,
        ballots=ballots,
        paper=paper,
        eligible=result["eligible"],
        money=money_line(specification, result),
    )


def _rows(
    specification: Specification, result: Mapping[str, Any], labels: Mapping[str, str], *, of: int
) -> list[Row]:
    """Return a row for each option, winners first, then by votes; `of` is how many ballots were not blank."""
    on_paper = _on_paper(result["paper"])
    rows = [
        Row(
            code=option.code,
            label=labels[option.code],
            votes=result["counts"][option.code],
            of=of,
            paper=None if on_paper is None else on_paper[option.code],
            cost=option.cost,
            won=option.code in result["winners"],
        )
        for option in specification.options
    ]
    return sorted(rows, key=lambda row: (not row.won, -row.votes))


def blank_row(blank: int, *, of: int, paper: int | None = None) -> Row:
    """Return the row of the blank ballots; it stands in tables, never among the options."""
    return Row(code="", label=_("Blank ballots"), votes=blank, of=of, paper=paper, cost=None, won=False)


def _on_paper(paper: Mapping[str, Any] | None) -> Counter[str] | None:
    """Return how many on paper chose each option, ranked it first in a ranking; None where nobody did."""
    if paper is None:
        return None
    if "counts" in paper:
        return Counter(paper["counts"])
    found: Counter[str] = Counter()
    for row in paper["rankings"]:
        found[row["choice"][0]] += row["count"]
    return found


def counted_line(told: Told) -> str:
    """Return how many ballots were counted, how many of them blank, how many on paper."""
    said = [
        ngettext("%(num)s ballot was counted", "%(num)s ballots were counted", told.ballots),
        ngettext("%(num)s of them blank", "%(num)s of them blank", told.blank),
    ]
    if told.paper:
        said.append(ngettext("%(num)s on paper", "%(num)s on paper", told.paper["ballots"]))
    return _("%(parts)s.", parts=listed(said))


def turnout_line(told: Told) -> str:
    """Return how many voted, of how many where that is known."""
    if told.eligible is None:
        return ngettext("%(num)s person voted.", "%(num)s people voted.", told.ballots)
    return _(
        "%(voted)s of %(eligible)s people who may vote did so, %(share)s.",
        voted=number(told.ballots),
        eligible=number(told.eligible),
        share=percent(told.ballots / told.eligible if told.eligible else 0),
    )
