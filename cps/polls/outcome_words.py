"""A result in sentences: who won and by how much, where the draw decided, each count of a ranking."""

from collections.abc import Mapping, Sequence
from typing import Any

from cps.core.i18n import gettext as _
from cps.core.i18n import listed, money, ngettext, number
from cps.polls.rules import Method
from cps.polls.specification import Specification


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
        return _ranking_sentence(result["rounds"], winner, labels)
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


def _ranking_sentence(rounds: Sequence[Mapping[str, Any]], winner: str, labels: Mapping[str, str]) -> str:
    last = rounds[-1]["counts"]
    return ngettext(
        "%(option)s won with %(votes)s of %(of)s votes, in the first count.",
        "%(option)s won with %(votes)s of %(of)s votes, after %(num)s counts.",
        len(rounds),
        option=labels[winner],
        votes=number(last[winner]),
        of=number(sum(last.values())),
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


def drawn_line(result: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Return in which order the public draw drew the options; nothing where there was none."""
    if not result["draw"]:
        return ""
    return _(
        "The public draw gave this order: %(options)s.",
        options=listed([labels[code] for code in result["draw"]]),
    )


def left_out(specification: Specification, result: Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    """Return a sentence for each project of a budget that people chose and that did not fit any more."""
    currency = specification.currency
    if specification.method is not Method.BUDGET or currency is None:
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


def money_line(specification: Specification, result: Mapping[str, Any]) -> str:
    """Return how much of a budget is spent; nothing for a poll without one."""
    if specification.budget is None or specification.currency is None:
        return ""
    return _(
        "%(spent)s of %(budget)s are spent.",
        spent=money(result["spent"], specification.currency),
        budget=money(specification.budget, specification.currency),
    )


def round_line(place: int, one: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Return what a count of a ranking gave, the first at place 1, and who left after it."""
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
