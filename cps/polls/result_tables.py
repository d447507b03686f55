"""The tables on the page of a result: votes by option, turnout by ward and age."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cps.core.i18n import gettext as _
from cps.core.i18n import money, number
from cps.polls.outcome import Row
from cps.polls.turnout import Group, Turnout


@dataclass(frozen=True, slots=True)
class Table:
    """What the macro `table` draws; `numbers` are the places of columns that hold figures, from 0."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]


def votes_table(rows: Sequence[Row], blank: Row, currency: str | None) -> Table:
    """Return a line for each option and one for blank ballots; paper where there was any, cost in a budget.

    `currency` (ISO 4217) is that of the poll's budget, None where it has none.
    """
    with_paper = any(row.paper is not None for row in rows)
    with_cost = any(row.cost is not None for row in rows)
    head = [_("Option"), _("Votes"), _("Share")]
    head += [_("Of these on paper")] * with_paper
    figures = range(1, len(head) + with_cost)
    head += [_("Cost"), _("Funded")] * with_cost
    lines = [_votes_line(row, with_paper, currency) for row in rows]
    return Table(head, [*lines, _blank_line(blank, len(head), with_paper)], figures)


def _votes_line(row: Row, with_paper: bool, currency: str | None) -> list[str]:
    cells = [row.label, number(row.votes), row.share]
    cells += [number(row.paper or 0)] * with_paper
    if row.cost is not None and currency is not None:
        cells += [money(row.cost, currency), _("yes") if row.won else _("no")]
    return cells


def _blank_line(blank: Row, columns: int, with_paper: bool) -> list[str]:
    """Return the line without a share: shares are of the ballots that are not blank."""
    cells = [blank.label, number(blank.votes), "–", *[number(blank.paper or 0)] * with_paper]
    return cells + ["–"] * (columns - len(cells))


def turnout_table(found: Turnout, names: Mapping[str, str]) -> Table | None:
    """Return a line for each ward and a column for each age that show any group; None where no ward does.

    `names` are those of the wards by code. The sums stand first: small groups are hidden, and a phone shows
    the first columns.
    """
    wards = [ward for ward in found.wards if _shows_any(found, ward)]
    if not wards:
        return None
    lines: list[tuple[str, str | None]] = [(names.get(ward) or _("Unknown"), ward) for ward in wards]
    if _shows_any(found, None):
        lines.append((_("All wards"), None))
    ages = [age for age in found.ages if any(found.at(ward, age) for _name, ward in lines)]
    head = [_("Ward"), _("All ages"), *(_age_words(found, age) for age in ages)]
    rows = [[name, *(_group_words(found.at(ward, age)) for age in (None, *ages))] for name, ward in lines]
    return Table(head, rows, range(1, len(head)))


def _shows_any(found: Turnout, ward: str | None) -> bool:
    return any(found.at(ward, age) for age in (None, *found.ages))


def _age_words(found: Turnout, age: int) -> str:
    following = next((other for other in found.ages if other > age), None)
    if following is None:
        return _("%(age)s and older", age=age)
    return _("%(first)s to %(last)s", first=age, last=following - 1)


def _group_words(group: Group | None) -> str:
    if group is None:
        return "–"
    if group.eligible is None:
        return number(group.voted)
    return _("%(voted)s of %(eligible)s", voted=number(group.voted), eligible=number(group.eligible))
