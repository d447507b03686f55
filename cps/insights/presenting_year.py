"""The year of what came to the city as its page shows it: sentences, and rows with the list behind each."""

from collections.abc import Mapping
from datetime import date

from cps.cases.names import names
from cps.cases.rules import CaseKind
from cps.cases.wording import CHANNELS
from cps.core import i18n
from cps.core.i18n import gettext as _
from cps.departments import queries as departments
from cps.insights import wording
from cps.insights.presenting import LISTS, Behind, Cell, Tile, answered_in
from cps.insights.rules import Month
from cps.insights.year import Year
from cps.wards import queries as wards

MOST_ROWS = 20
"""Of categories and wards so many are named, the largest; the rest is one sum."""

Row = tuple[str, int, Behind | None]
"""A name, how many complaints, and the list of them where there is one."""


def tiles(year: Year) -> list[Tile]:
    """Return the large figures: what came, what was answered, what was proposed."""
    days = {"answered-from": year.since.isoformat(), "answered-until": year.until.isoformat()}
    return [
        Tile(
            i18n.number(year.complaints),
            _("problems reported"),
            _("Every report on the public list that came in these months."),
            behind=_came(CaseKind.COMPLAINT, year),
        ),
        Tile(
            i18n.number(year.answered),
            _("problems answered"),
            _("Reports that got the city’s first answer in these months, whenever they came."),
            behind=Behind(LISTS[CaseKind.COMPLAINT], days),
        ),
        Tile(
            i18n.number(year.proposals),
            _("proposals made"),
            _("Ideas for the city that residents wrote in these months."),
            behind=_came(CaseKind.PROPOSAL, year),
        ),
    ]


def month_rows(year: Year) -> list[list[Cell]]:
    """Return a row for each month, the last first; months before the first case of a city are left out."""
    told = list(year.months)
    while told and told[0].is_empty:
        del told[0]
    most = max((one.complaints for one in told), default=0)
    return [
        [
            Cell(wording.month_name(one.month), _("up to now") if one.month.last_day > year.until else ""),
            _number(one.complaints, _in_month(CaseKind.COMPLAINT, one.month), most),
            _number(one.answered, answered_in(one.month, CaseKind.COMPLAINT)),
            _number(one.proposals, _in_month(CaseKind.PROPOSAL, one.month)),
        ]
        for one in reversed(told)
    ]


def category_rows(year: Year) -> list[list[Cell]]:
    """Return a row for each subject of complaints, those with most first."""
    known, named = departments.catalogue().categories, names().categories
    rows: list[Row] = [
        (named[key] or known[key].code, number, _came(CaseKind.COMPLAINT, year, category=known[key].code))
        for key, number in year.categories.items()
        if key in known
    ]
    return _rows(rows, year.complaints)


def ward_rows(year: Year) -> list[list[Cell]]:
    """Return a row for each ward, those with most first; what lies in none has no list of its own."""
    codes, named = wards.areas().codes, names().wards
    rows: list[Row] = []
    for key, number in year.wards.items():
        code = codes.get(key) if key is not None else None
        behind = _came(CaseKind.COMPLAINT, year, ward=code) if code else None
        rows.append((named.get(key) or _("No ward"), number, behind))
    return _rows(rows, year.complaints)


def channel_rows(year: Year) -> list[list[Cell]]:
    """Return a row for each way by which complaints came."""
    return _rows(
        [(str(CHANNELS[key]), number, None) for key, number in year.channels.items()], year.complaints
    )


def _rows(counted: list[Row], total: int) -> list[list[Cell]]:
    shown, rest = counted[:MOST_ROWS], sum(number for _name, number, _behind in counted[MOST_ROWS:])
    rows = [
        [Cell(name), Cell(i18n.number(number), behind=behind), _share(number, total)]
        for name, number, behind in shown
    ]
    return [*rows, [Cell(_("All others")), Cell(i18n.number(rest)), _share(rest, total)]] if rest else rows


def _share(number: int, total: int) -> Cell:
    percent = number * 100 // total if total else 0
    text = i18n.percent(percent / 100) if percent else _("less than %(share)s", share=i18n.percent(0.01))
    return Cell(text, gauge=percent)


def _number(number: int, behind: Behind, most: int = 0) -> Cell:
    gauge = number * 100 // most if most else None
    return Cell(i18n.number(number), behind=behind if number else None, gauge=gauge)


def _came(kind: CaseKind, year: Year, **narrowed: str) -> Behind:
    return _between(kind, year.since, year.until, narrowed)


def _in_month(kind: CaseKind, month: Month) -> Behind:
    return _between(kind, month.first_day, month.last_day, {})


def _between(kind: CaseKind, since: date, until: date, narrowed: Mapping[str, str]) -> Behind:
    return Behind(LISTS[kind], {"since": since.isoformat(), "until": until.isoformat(), **narrowed})
