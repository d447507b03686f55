"""A result in words and rows, for its page: who won, by how much, and how it came to that."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cps.core.i18n import gettext as _
from cps.core.i18n import listed, localized, money, ngettext, number, percent
from cps.polls.rules import Method
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
    on_paper = _on_paper(paper)
    rows = [
        Row(
            code=option.code,
            label=labels[option.code],
            votes=result["counts"][option.code],
            of=ballots - blank,
            paper=None if on_paper is None else on_paper[option.code],
            cost=option.cost,
            won=option.code in result["winners"],
        )
        for option in specification.options
    ]
    rows.sort(key=lambda row: (not row.won, -row.votes))
    return Told(
        sentence=sentence(specification, result, labels, ballots=ballots, filled=ballots - blank),
        rows=rows,
        blank_row=blank_row(blank, of=ballots, paper=paper["blank"] if paper else None),
        rounds=[_round(place, one, labels) for place, one in enumerate(result["rounds"], 1)],
        left_out=_left_out(specification, result, labels) if specification.method is Method.BUDGET else [],
        drawn=_drawn_line(result, labels),
        filled=ballots - blank,
        blank=blank,
        ballots=ballots,
        paper=paper,
        eligible=result["eligible"],
        money=_money_line(specification, result),
    )


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


def sentence(
    specification: Specification,
    result: Mapping[str, Any],
    labels: Mapping[str, str],
    *,
    ballots: int,
    filled: int,
) -> str:
    """Return the one sentence that names the outcome."""
    if not ballots:
        return _("Nobody voted.")
    if not filled:
        return _("Nobody chose an option.")
    tie = [labels[code] for code in result["tie"]]
    if specification.method is Method.BUDGET:
        return _budget_sentence(result, labels, tie)
    if tie:
        return _("It is a tie between %(options)s.", options=listed(tie))
    if not result["winners"]:
        return _("Nobody chose an option.")
    return _winner_sentence(specification, result, labels, filled)


def _winner_sentence(
    specification: Specification, result: Mapping[str, Any], labels: Mapping[str, str], filled: int
) -> str:
    """Return who won and by how much, or that the public draw decided."""
    winner = result["winners"][0]
    if equal := _equal_before_the_draw(specification, result):
        return _(
            "%(options)s were equal, and the public draw decided: %(option)s won.",
            options=listed([labels[code] for code in equal]),
            option=labels[winner],
        )
    if specification.method is Method.RANKING:
        last = result["rounds"][-1]
        return ngettext(
            "%(option)s won with %(votes)s of %(of)s votes, in the first count.",
            "%(option)s won with %(votes)s of %(of)s votes, after %(num)s counts.",
            len(result["rounds"]),
            option=labels[winner],
            votes=number(last["counts"][winner]),
            of=number(sum(last["counts"].values())),
        )
    if specification.method is Method.APPROVAL:
        return _(
            "%(option)s won: chosen on %(votes)s of %(of)s ballots that are not blank.",
            option=labels[winner],
            votes=number(result["counts"][winner]),
            of=number(filled),
        )
    return _(
        "%(option)s won with %(votes)s of %(of)s votes.",
        option=labels[winner],
        votes=number(result["counts"][winner]),
        of=number(filled),
    )


def _equal_before_the_draw(specification: Specification, result: Mapping[str, Any]) -> Sequence[str]:
    """Return who had as much as the winner, who is among them; nobody where no draw was needed for that.

    In a ranking the last two were equal where one alone is left to be counted.
    """
    if specification.method is not Method.RANKING:
        counts = result["counts"]
        best = [code for code, votes in counts.items() if votes == counts[result["winners"][0]]]
        return best if len(best) > 1 else ()
    rounds = result["rounds"]
    alone = len(rounds) > 1 and len(rounds[-1]["counts"]) == 1
    return [*rounds[-2]["counts"]] if alone else ()


def _drawn_line(result: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Return in which order the public draw drew the options; nothing where there was none."""
    if not result["draw"]:
        return ""
    return _(
        "The public draw gave this order: %(options)s.",
        options=listed([labels[code] for code in result["draw"]]),
    )


def _left_out(
    specification: Specification, result: Mapping[str, Any], labels: Mapping[str, str]
) -> list[str]:
    """Return a sentence for each project of a budget that people chose and that did not fit any more."""
    currency = specification.currency
    if currency is None:
        return []
    costs = {option.code: option.cost or 0 for option in specification.options}
    return [
        _(
            "%(option)s costs %(cost)s, which did not fit into what was left.",
            option=labels[code],
            cost=money(costs[code], currency),
        )
        for code in result["rejected"]
        if result["counts"][code]
    ]


def _budget_sentence(result: Mapping[str, Any], labels: Mapping[str, str], tie: Sequence[str]) -> str:
    funded = [labels[code] for code in result["funded"]]
    if tie:
        return _(
            "%(number)s projects are funded. Between %(options)s it is a tie.",
            number=number(len(funded)),
            options=listed(tie),
        )
    if not funded:
        return _("No project is funded.")
    return ngettext(
        "One project is funded: %(options)s.",
        "%(num)s projects are funded: %(options)s.",
        len(funded),
        options=listed(funded),
    )


def _money_line(specification: Specification, result: Mapping[str, Any]) -> str:
    if specification.budget is None or specification.currency is None:
        return ""
    return _(
        "%(spent)s of %(budget)s are spent.",
        spent=money(result["spent"], specification.currency),
        budget=money(specification.budget, specification.currency),
    )


def _round(place: int, one: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    counts = listed(
        [
            _("%(option)s %(votes)s", option=labels[code], votes=number(votes))
            for code, votes in sorted(one["counts"].items(), key=lambda pair: -pair[1])
        ]
    )
    said = [_("Count %(place)s: %(counts)s.", place=number(place), counts=counts)]
    if one["exhausted"]:
        said.append(
            ngettext(
                "%(num)s ballot names none of these.",
                "%(num)s ballots name none of these.",
                one["exhausted"],
            )
        )
    if one["winner"]:
        said.append(_("%(option)s has more than half and wins.", option=labels[one["winner"]]))
    elif one["out"]:
        said.append(_who_went(one, labels))
    else:
        said.append(_("The fewest are equal, so the count stops here."))
    return " ".join(said)


def _who_went(one: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Return who left after a round, and that it was by the draw where others had as few."""
    out, fewest = one["out"], min(one["counts"].values())
    equal = [code for code, votes in one["counts"].items() if votes == fewest]
    if len(equal) > len(out):
        return _(
            "%(options)s had equally few. By the public draw %(out)s went out; these ballots count for their"
            " next choice.",
            options=listed([labels[code] for code in equal]),
            out=listed([labels[code] for code in out]),
        )
    return _(
        "%(options)s had the fewest and went out; these ballots count for their next choice.",
        options=listed([labels[code] for code in out]),
    )


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
