"""Figures as their pages show them: sentences, cells with the list behind each, one table for each chart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cps.cases.names import names
from cps.cases.rules import CaseKind
from cps.core import i18n
from cps.core.i18n import gettext as _
from cps.core.i18n import localized, ngettext
from cps.departments import queries as departments
from cps.insights import files, wording
from cps.insights.files import Line, MonthFigures
from cps.insights.queries import LateCount
from cps.insights.rules import Month, Pair
from cps.insights.telling import Told, told_of_all

LISTS = {CaseKind.COMPLAINT: "complaints.index", CaseKind.PROPOSAL: "proposals.index"}
"""The endpoints of the public lists."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The public list behind a figure: the endpoint of its page, and what its address narrows it by."""

    page: str
    narrowed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its words, what stands beside them, the list behind them, a share to draw."""

    text: str
    note: str = ""
    behind: Behind | None = None
    gauge: int | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class LatePart:
    """What is late now of one kind: a sentence, and a row for each department, those with most first."""

    kind: CaseKind
    sentence: str
    note: str
    rows: list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure: the number, what it is, how it is worked out, the list behind it.

    `leads_to` is what the link to the list says where that is not the very list of the figure.
    """

    number: str
    name: str
    definition: str
    note: str = ""
    behind: Behind | None = None
    leads_to: str = ""


def late_parts(counts: Iterable[LateCount], *, at: datetime, zone: ZoneInfo) -> list[LatePart]:
    """Return what is late, complaints first; a kind of which nothing waits is left out."""
    by_kind: dict[CaseKind, list[LateCount]] = {}
    for one in counts:
        by_kind.setdefault(one.kind, []).append(one)
    return [_late_part(kind, by_kind[kind], at, zone) for kind in CaseKind if kind in by_kind]


def _late_part(kind: CaseKind, counts: list[LateCount], at: datetime, zone: ZoneInfo) -> LatePart:
    late = _told([one.late for one in counts])
    waiting = _told([one.waiting for one in counts])
    ordered = sorted(counts, key=lambda one: (-one.late.listed, -one.waiting.listed, one.department_id))
    return LatePart(
        kind,
        _late_sentence(kind, late, waiting),
        wording.beside_the_list(late.unlisted, is_sum=len(counts) > 1),
        [_late_row(one, at, zone) for one in ordered],
    )


def _late_sentence(kind: CaseKind, late: Told, waiting: Told) -> str:
    of = i18n.number(waiting.listed)
    if kind is CaseKind.PROPOSAL:
        if not late.listed:
            return _("None of %(of)s proposals that wait for an answer is late.", of=of)
        return ngettext(
            "%(num)s of %(of)s proposals that wait for an answer is late.",
            "%(num)s of %(of)s proposals that wait for an answer are late.",
            late.listed,
            of=of,
        )
    if not late.listed:
        return _("None of %(of)s open complaints is late.", of=of)
    return ngettext(
        "%(num)s of %(of)s open complaints is late.",
        "%(num)s of %(of)s open complaints are late.",
        late.listed,
        of=of,
    )


def _late_row(one: LateCount, at: datetime, zone: ZoneInfo) -> list[Cell]:
    code = departments.catalogue().departments[one.department_id].code
    waiting, late = _told([one.waiting]), _told([one.late])
    return [
        Cell(names().departments[one.department_id] or code, href=code),
        Cell(i18n.number(waiting.listed), wording.beside_the_list(waiting.unlisted)),
        Cell(
            i18n.number(late.listed),
            wording.beside_the_list(late.unlisted),
            _list_of(one.kind, late="1", department=code) if late.listed else None,
            gauge=late.listed * 100 // waiting.listed if late.listed and waiting.listed else None,
        ),
        Cell(_late_for(one.oldest, at, zone)),
    ]


def _late_for(due: datetime | None, at: datetime, zone: ZoneInfo) -> str:
    if due is None:
        return _("none")
    days = (at.astimezone(zone).date() - due.astimezone(zone).date()).days
    return ngettext("%(num)s day", "%(num)s days", days) if days else _("since today")


def tiles(figures: MonthFigures, kind: CaseKind) -> list[Tile]:
    """Return the large figures of a month: the answers, and of enough of them the shares and the median."""
    line = figures.line(kind)
    if line is None:
        return []
    behind = answered_in(Month.parse(figures.frame.month), kind)
    answered = Tile(
        i18n.number(line.answered.listed),
        _("answered"),
        wording.definition_answered(kind),
        wording.beside_the_list(line.answered.unlisted, is_sum=line.is_sum),
        behind,
    )
    if line.share_in_time is None:
        return [answered]
    worked_out = (
        (wording.share(line.share_in_time), _("answered in time"), wording.definition_in_time()),
        (wording.share(line.share_by_first_date), _("by the first date"), wording.definition_first_date()),
        (wording.days(line.median_days), _("half within"), wording.definition_median()),
    )
    return [*(Tile(*words, behind=behind) for words in worked_out), answered]


def department_rows(figures: MonthFigures, kind: CaseKind) -> list[list[Cell]]:
    """Return a row for each department of a month, in the order of their names."""
    month = Month.parse(figures.frame.month)
    named = [(localized(figures.names[one.department]), one) for one in figures.of_departments(kind)]
    return [
        [Cell(name, href=line.department), *_figures_of(line, month, department=line.department)]
        for name, line in sorted(named, key=lambda pair: pair[0])
    ]


def category_rows(figures: MonthFigures, kind: CaseKind) -> list[list[Cell]]:
    """Return a row for each category of a month, in the order of their names: of its public cases alone."""
    month = Month.parse(figures.frame.month)
    named = [(localized(figures.category_names[one.category]), one) for one in figures.of_categories(kind)]
    return [
        [Cell(name), *_figures_of(line, month, category=line.category)]
        for name, line in sorted(named, key=lambda pair: pair[0])
    ]


def month_rows(
    months: Sequence[MonthFigures], kind: CaseKind, department: str = files.ALL
) -> list[list[Cell]]:
    """Return a row for each month, the last first, where there is anything to tell."""
    rows = []
    for figures in months:
        month, line = Month.parse(figures.frame.month), figures.line(kind, department)
        name = wording.month_name(month)
        note = _("corrected") if figures.frame.edition > 1 else ""
        if line is not None:
            narrowed = {"department": department} if department != files.ALL else {}
            rows.append([Cell(name, note, href=figures.frame.month), *_figures_of(line, month, **narrowed)])
    return rows


def _figures_of(line: Line, month: Month, **narrowed: str) -> list[Cell]:
    came = {"since": str(month.first_day), "until": str(month.last_day), **narrowed}
    return [
        _pair(line, line.received, _list_of(line.kind, **came)),
        _pair(line, line.answered, answered_in(month, line.kind, **narrowed)),
        Cell(wording.share(line.share_in_time), gauge=line.share_in_time),
        Cell(wording.share(line.share_by_first_date)),
        Cell(wording.days(line.median_days)),
    ]


def _pair(line: Line, pair: Told, behind: Behind) -> Cell:
    beside = wording.beside_the_list(pair.unlisted, is_sum=line.is_sum)
    return Cell(i18n.number(pair.listed), beside, behind if pair.listed else None)


def answered_in(month: Month, kind: CaseKind, **narrowed: str) -> Behind:
    """Return the public list of the answers of a month."""
    days = {"answered-from": str(month.first_day), "answered-until": str(month.last_day)}
    return _list_of(kind, **days, **narrowed)


def _list_of(kind: CaseKind, **narrowed: str) -> Behind:
    return Behind(LISTS[kind], narrowed)


def _told(pairs: Sequence[Pair]) -> Told:
    return Told(sum(pair.listed for pair in pairs), told_of_all(pair.unlisted for pair in pairs))


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that a correction changed."""

    department: str
    figure: str
    before: str
    after: str


def differences(before: MonthFigures, after: MonthFigures) -> list[Difference]:
    """Return every figure that differs between two editions of a month, in words."""
    names = {**before.names, **after.names}
    keys = {(one.kind, one.department): None for one in (*before.lines, *after.lines)}
    found = []
    for kind, department in keys:
        was, now = (_in_words(figures.line(kind, department)) for figures in (before, after))
        name = localized(names[department]) if department else _("All departments")
        found += [
            Difference(name, figure, was.get(figure, _("nothing")), now.get(figure, _("nothing")))
            for figure in {**was, **now}
            if was.get(figure) != now.get(figure)
        ]
    was, now = _acts_in_words(before), _acts_in_words(after)
    found += [
        Difference(_("All departments"), figure, was[figure], now[figure])
        for figure in was
        if was[figure] != now[figure]
    ]
    return found


def _in_words(line: Line | None) -> dict[str, str]:
    if line is None:
        return {}
    return {
        _("Received"): wording.told(line.received, is_sum=line.is_sum),
        _("Answered"): wording.told(line.answered, is_sum=line.is_sum),
        _("In time"): f"{wording.told(line.in_time, is_sum=line.is_sum)}"
        f" ({wording.share(line.share_in_time)})",
        _("By the first date"): wording.share(line.share_by_first_date),
        _("Half within"): wording.days(line.median_days),
    }


def _acts_in_words(figures: MonthFigures) -> dict[str, str]:
    acts = figures.acts
    return {
        _("Later dates given"): i18n.number(acts.extensions),
        _("Cases hidden"): i18n.number(acts.hidings),
        _("Polls called off"): i18n.number(acts.voided_polls),
    }


def act_tiles(figures: MonthFigures) -> list[Tile]:
    """Return what else the city did in a month, each with what it means."""
    words = _acts_in_words(figures)
    means = (wording.definition_extensions(), wording.definition_hidings(), wording.definition_voided())
    extended = _list_of(CaseKind.COMPLAINT, extended="1") if figures.acts.extensions else None
    return [
        Tile(number, name, meaning, behind=behind, leads_to=_("See every case with a later date"))
        for (name, number), meaning, behind in zip(words.items(), means, (extended, None, None), strict=True)
    ]
