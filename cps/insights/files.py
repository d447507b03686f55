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
from cps.insights.queries.month import Acts, Counted, Key
from cps.insights.rules import FEWEST_FOR_SHARE, FEWEST_UNLISTED, Month, Tally, median_days
from cps.insights.telling import Told, share, told_pairs
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
class Line:
    """The figures of one department and kind, or of all of a kind where `department` is empty.

    Of a category, whose code then stands in `category`, they are of the cases on the public list alone.
    """

    department: str
    kind: CaseKind
    received: Told
    answered: Told
    in_time: Told
    by_first_date: Told
    share_in_time: int | None
    share_by_first_date: int | None
    median_days: int | None
    category: str = ""

    @property
    def is_sum(self) -> bool:
        """Whether it sums up departments, so that what is not told may be more than one or two."""
        return not (self.department or self.category)


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A whole month as it was published; `names` are those of the departments, by code and language.

    `categories` and their names are empty in months that were published before they were told.
    """

    frame: Frame
    names: Mapping[str, Mapping[str, str]]
    lines: Sequence[Line]
    acts: Acts
    categories: Sequence[Line]
    category_names: Mapping[str, Mapping[str, str]]

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

    def of_categories(self, kind: CaseKind) -> list[Line]:
        """Return the lines of the categories of a kind."""
        return [one for one in self.categories if one.kind is kind]


Named = Mapping[int, tuple[str, Any]]
"""Code and names of departments or categories, by id."""


def written(frame: Frame, counted: Counted, *, departments: Named, categories: Named) -> bytes:
    """Return the bytes of a month."""
    by_kind = _by_kind(counted.departments, departments)
    lines: list[Writable] = []
    for kind, of_kind in by_kind.items():
        lines.append(_line({"department": ALL, "kind": kind.value}, list(of_kind.values())))
        lines += [_line({"department": code, "kind": kind.value}, [of_kind[code]]) for code in of_kind]
    of_categories = _by_kind(counted.categories, categories)
    return canonical.to_bytes(
        {
            "what": FORMAT,
            **{name: getattr(frame, name) for name in Frame.__dataclass_fields__},
            "fewest_for_share": FEWEST_FOR_SHARE,
            "fewest_unlisted": FEWEST_UNLISTED,
            "departments": _names(by_kind, departments),
            "figures": lines,
            "categories": _names(of_categories, categories),
            "category_figures": [
                _line({"category": code, "kind": kind.value}, [tally])
                for kind, of_kind in of_categories.items()
                for code, tally in of_kind.items()
            ],
            "acts": {name: getattr(counted.acts, name) for name in Acts.__dataclass_fields__},
        }
    )


def _by_kind(tallies: Mapping[Key, Tally], named: Named) -> dict[CaseKind, dict[str, Tally]]:
    """Return the tallies by kind and code, both in the order of their names."""
    ordered = sorted(
        ((kind, named[key][0], tally) for (key, kind), tally in tallies.items()), key=lambda one: one[:2]
    )
    found: dict[CaseKind, dict[str, Tally]] = {}
    for kind, code, tally in ordered:
        found.setdefault(kind, {})[code] = tally
    return found


def _names(by_kind: Mapping[CaseKind, Mapping[str, Tally]], named: Named) -> dict[str, Writable]:
    names = dict(named.values())
    return {code: dict(names[code]) for codes in by_kind.values() for code in codes}


def _line(of: Mapping[str, Writable], parts: Sequence[Tally]) -> Writable:
    told = told_pairs(parts, PAIRS)
    whole = sum(parts, Tally())
    answered = told["answered"]
    return {
        **of,
        **{name: {"listed": pair.listed, "unlisted": pair.unlisted} for name, pair in told.items()},
        "share_in_time": share(told["in_time"], answered),
        "share_by_first_date": share(told["by_first_date"], answered),
        "median_days": median_days(whole.listed_days if answered.unlisted is None else whole.days),
    }


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
            categories=[_read_line(one) for one in found.get("category_figures", ())],
            category_names=found.get("categories", {}),
        )
    except (canonical.NotCanonical, KeyError, TypeError, ValueError) as error:
        raise NotAMonthFile(str(error)) from None


def _read_line(found: Any) -> Line:
    return Line(
        department=found.get("department", ALL),
        category=found.get("category", ""),
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
