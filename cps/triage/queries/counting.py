"""How many cases each box and each saved view holds, all in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    select,
    true,
    union_all,
)

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases.models import Case
from cps.cases.policy import reach_of, workable
from cps.cases.queries import Reach
from cps.core.db import db
from cps.triage.queries.narrowing import (
    Condition,
    at_desk,
    boxes,
    closed_within,
    in_box,
    narrowed,
    selected,
    values_of,
)
from cps.triage.queries.windows import Window, among, columns_of, rows_of, windows_of
from cps.triage.rules import COUNTED, Box
from cps.triage.wanted import Moment, Queue, Within

MOST_LOOKED_AT = 2_000
"""Closed cases are counted among so many of each window."""

MOST_READ = 500
"""The same where each case must be read, as no index of the desk has its words and its place."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases there are, or at least are."""

    number: int
    is_more: bool = False


def box_counts(officer: Account, moment: Moment) -> dict[Box, int]:
    """Return how many open cases each box of this officer holds, exactly, in one statement."""
    return counts(officer, moment, ())[0]


def counts(officer: Account, moment: Moment, views: Sequence[Queue]) -> tuple[dict[Box, int], list[Count]]:
    """Return how many cases each box and each of these views holds, in one statement.

    Of open cases the numbers are exact. Closed ones are counted in the windows of the officer, up to
    `MOST_LOOKED_AT` or `MOST_READ`; where a window holds as many, the number is the least that it can be.
    """
    statement = _counting(db.engine.dialect.name, officer.roles, reach_of(officer), tuple(views))
    values = {**values_of(officer, moment, views), "looked_at": MOST_LOOKED_AT, "read": MOST_READ}
    found = db.session.execute(statement, values).mappings().one()
    of_views = [_count(view, found[f"view_{n}"], found.get(f"of_{n}")) for n, view in enumerate(views)]
    return {box: found[box.value] for box in COUNTED}, of_views


def _count(view: Queue, number: int, looked_at: int | None) -> Count:
    most = MOST_READ if view.reads_cases else MOST_LOOKED_AT
    return Count(number, looked_at is not None and looked_at >= most)


@lru_cache(maxsize=256)
def _counting(
    _dialect: str, roles: frozenset[Role], reach: Reach, views: tuple[Queue, ...]
) -> Select[*tuple[Any, ...]]:
    """Return the statement that counts; each database looks for words in its own way.

    Of a view of closed cases it has two columns: how many there are, and among how many was looked.
    """
    numbered = dict(enumerate(views))
    closed = {n: view for n, view in numbered.items() if view.is_closed}
    by_index = {n: view for n, view in closed.items() if not view.reads_cases}
    read = {n: view for n, view in closed.items() if view.reads_cases}
    groups = [_open_ones(roles, reach, {n: view for n, view in numbered.items() if n not in closed})]
    groups += [_closed_ones(roles, reach, by_index, "looked_at")] if by_index else []
    groups += [_closed_ones(roles, reach, read, "read")] if read else []
    joined: FromClause = groups[0]
    for group in groups[1:]:
        joined = joined.join(group, true())  # one row each
    return select(*(column for group in groups for column in group.c)).select_from(joined)


def _open_ones(roles: frozenset[Role], reach: Reach, views: dict[int, Queue]) -> Subquery:
    """Return the counts of the boxes and of views of open cases, which are all read by one index."""
    holds = boxes()
    columns: list[ColumnElement[Any]] = [func.count().filter(holds[box]).label(box.value) for box in COUNTED]
    for n, view in views.items():
        if view.reads_cases:
            found = select(func.count()).select_from(Case).where(*selected(view, roles, reach))
            columns.append(found.correlate(None).scalar_subquery().label(f"view_{n}"))
        else:
            wanted = and_(true(), *in_box(view.box), *narrowed(view, among_few=True))
            columns.append(func.count().filter(wanted).label(f"view_{n}"))
    return select(*columns).select_from(Case).where(*at_desk(Queue(), roles, reach)).subquery("open_ones")


def _closed_ones(roles: frozenset[Role], reach: Reach, views: dict[int, Queue], most: str) -> Subquery:
    """Return the counts of views of closed cases; what they look at is read once."""
    farthest = max((view.within for view in views.values()), key=list(Within).index)
    since = {n: _nearer(view.within, farthest) for n, view in views.items()}
    own = workable(roles, reach)
    wanted = {n: and_(own, *since[n], *narrowed(view, among_few=True)) for n, view in views.items()}
    used = [Case.closed_at, Case.id, *columns_of(*wanted.values())]
    last = _last(used, windows_of(reach, roles, farthest), most)
    columns = [func.count().filter(among(last, one)).label(f"view_{n}") for n, one in wanted.items()]
    columns += [
        func.count().filter(true(), *(among(last, one) for one in nearer)).label(f"of_{n}")
        for n, nearer in since.items()
    ]
    return select(*columns).select_from(last).subquery(f"closed_{most}")


def _nearer(within: Within, farthest: Within) -> list[Condition]:
    """Return the condition how long ago a case was closed, where not all that is looked at is so near."""
    return [closed_within(within)] if within is not farthest else []


def _last(columns: list[Any], windows: list[Window], most: str) -> Subquery:
    """Return columns of the cases closed last of each window, as many as the parameter of this name."""
    newest_first = (Case.closed_at.desc(), Case.id.desc())
    of_each = [
        rows_of(columns, window).order_by(*newest_first).limit(bindparam(most)).subquery()
        for window in windows
    ]
    return of_each[0] if len(of_each) == 1 else union_all(*map(select, of_each)).subquery()
