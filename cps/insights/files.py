"""The file of a month: canonical JSON (`docs/promises.md`), written once, read by pages and by anybody.

Of cases on no public list it tells a number, or `null` for one or two. Shares are whole percent, cut; days
are whole days; both are `null` where there are fewer answers than the file says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from cps.cases.rules import CaseKind
from cps.insights.queries.month import Acts, Key
from cps.insights.rules import (
    FEWEST_FOR_SHARE,
    FEWEST_UNLISTED,
    Month,
    Pair,
    Tally,
    median_days,
    percent,
    told_of_all,
)
from cps.polls import canonical
from cps.polls.canonical import Writable

FORMAT = "cps-promises-1"
PAIRS = ("received", "answered", "in_time", "by_first_date")
ALL = ""
"""The department of a line that sums up all of them."""


class NotAMonthFile(ValueError):
    """Bytes that are no file of a month."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the figures of a file: which month, which edition, what came before."""

    city: str
    zone: str
    month: str
    edition: int
    reason: str
    corrects: str
    previous: str
    frozen_at: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Told:
    """A number of cases as it is told: those on the public list, and the others; None is one or two."""

    listed: int
    unlisted: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one department and kind, or of all of a kind where `department` is empty."""

    department: str
    kind: CaseKind
    received: Told
    answered: Told
    in_time: Told
    by_first_date: Told
    share_in_time: int | None
    share_by_first_date: int | None
    median_days: int | None


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A whole month as it was published; `names` are those of the departments, by code and language."""

    frame: Frame
    names: Mapping[str, Mapping[str, str]]
    lines: Sequence[Line]
    acts: Acts

    def line(self, kind: CaseKind, department: str = ALL) -> Line | None:
        """Return the line of a department, or that of all."""
        found = (one for one in self.lines if (one.kind, one.department) == (kind, department))
        return next(found, None)

    def listed_answers(self) -> int:
        """Return how many answers of all kinds are on the public list."""
        return sum(one.answered.listed for one in self.lines if one.department == ALL)

    def of_departments(self, kind: CaseKind) -> list[Line]:
        """Return the lines of a kind without the sum."""
        return [one for one in self.lines if one.kind is kind and one.department != ALL]


def written(
    frame: Frame, tallies: Mapping[Key, Tally], acts: Acts, departments: Mapping[int, tuple[str, Any]]
) -> bytes:
    """Return the bytes of a month; `departments` are (code, names) by id."""
    by_kind: dict[CaseKind, dict[str, Tally]] = {}
    for (department_id, kind), tally in tallies.items():
        by_kind.setdefault(kind, {})[departments[department_id][0]] = tally
    lines: list[Writable] = []
    for kind in sorted(by_kind):
        of_kind = by_kind[kind]
        whole = sum(of_kind.values(), Tally())
        lines.append(_line(ALL, kind, whole, list(of_kind.values())))
        lines += [_line(code, kind, of_kind[code], [of_kind[code]]) for code in sorted(of_kind)]
    named = {code: dict(names) for code, names in departments.values()}
    return canonical.to_bytes(
        {
            "what": FORMAT,
            **{name: getattr(frame, name) for name in Frame.__dataclass_fields__},
            "fewest_for_share": FEWEST_FOR_SHARE,
            "fewest_unlisted": FEWEST_UNLISTED,
            "departments": {code: named[code] for codes in by_kind.values() for code in codes},
            "figures": lines,
            "acts": {name: getattr(acts, name) for name in Acts.__dataclass_fields__},
        }
    )


def _line(department: str, kind: CaseKind, tally: Tally, parts: Sequence[Tally]) -> Writable:
    answered = tally.answered.total
    return {
        "department": department,
        "kind": kind.value,
        **{name: _told(name, tally, parts) for name in PAIRS},
        "share_in_time": percent(tally.in_time.total, answered),
        "share_by_first_date": percent(tally.by_first_date.total, answered),
        "median_days": median_days(tally.days),
    }


def _told(name: str, tally: Tally, parts: Sequence[Tally]) -> Writable:
    """Return a pair; how many of the answers on no list were in time only where those can be told of."""
    pair: Pair = getattr(tally, name)
    unlisted = told_of_all(getattr(part, name).unlisted for part in parts)
    if name in {"in_time", "by_first_date"} and told_of_all(part.answered.unlisted for part in parts) is None:
        unlisted = None
    return {"listed": pair.listed, "unlisted": unlisted}


@lru_cache(maxsize=64)
def read(text: str) -> MonthFigures:
    """Return the figures of a file's text; raises NotAMonthFile for anything else."""
    try:
        found: Any = canonical.from_bytes(text.encode())
        if found["what"] != FORMAT:
            raise NotAMonthFile(found["what"])
        return MonthFigures(
            frame=Frame(**{name: found[name] for name in Frame.__dataclass_fields__}),
            names=found["departments"],
            lines=[_read_line(one) for one in found["figures"]],
            acts=Acts(**found["acts"]),
        )
    except (canonical.NotCanonical, KeyError, TypeError, ValueError) as error:
        raise NotAMonthFile(str(error)) from None


def _read_line(found: Any) -> Line:
    return Line(
        department=found["department"],
        kind=CaseKind(found["kind"]),
        received=Told(**found["received"]),
        answered=Told(**found["answered"]),
        in_time=Told(**found["in_time"]),
        by_first_date=Told(**found["by_first_date"]),
        share_in_time=found["share_in_time"],
        share_by_first_date=found["share_by_first_date"],
        median_days=found["median_days"],
    )


def frame_of(
    month: Month,
    *,
    city: str,
    zone: Any,
    edition: int,
    reason: str,
    corrects: str,
    previous: str,
    at: datetime,
) -> Frame:
    """Return the frame of a month that is frozen now."""
    return Frame(
        city=city,
        zone=str(zone),
        month=str(month),
        edition=edition,
        reason=reason,
        corrects=corrects,
        previous=previous,
        frozen_at=canonical.time_to_text(at),
        since=canonical.time_to_text(month.begins(zone)),
        until=canonical.time_to_text(month.ends(zone)),
    )
