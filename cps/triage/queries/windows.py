"""Windows: the cases that were closed last, up to a number, among which the desk looks for closed ones.

A city has years of closed cases, and what few of them have would be looked for in all. So lists and counts
look at the newest of a department, which have an index of their own, or at the newest of the city.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeGuard

from sqlalchemy import Column, Select, Subquery, select
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from cps.accounts.rules import Role
from cps.cases.models import Case
from cps.cases.policy import workable
from cps.cases.queries import Reach
from cps.triage.queries.narrowing import Condition, closed_within
from cps.triage.wanted import Queue, Within

MOST_DEPARTMENTS = 5
"""For so many departments each has a window of its own; for more there is that of the city."""

Window = list[Condition]
"""The conditions of its cases; how many of these are looked at stands in the statement."""


def windows_of(reach: Reach, roles: frozenset[Role], within: Within) -> list[Window]:
    """Return the windows of somebody: one for each of few departments, else one.

    Cases that are not theirs can stand in it: `workable` has to be asked as well.
    """
    since = closed_within(within)
    if Role.INTEGRITY_OFFICER in roles:
        return [[since, workable(roles, reach)]]  # few of all, and they must not be missed
    if reach.everywhere or not 0 < len(reach.departments) <= MOST_DEPARTMENTS:
        return [[since]]
    return [[since, Case.department_id == one] for one in sorted(reach.departments)]


def narrowest_window(wanted: Queue, roles: frozenset[Role], reach: Reach) -> Window:
    """Return the window of a list: one, as its cases stand in one order."""
    since = closed_within(wanted.within)
    if wanted.category_id is not None:
        return [since, Case.category_id == wanted.category_id]
    if wanted.department_id is not None:
        return [since, Case.department_id == wanted.department_id]
    own = windows_of(reach, roles, wanted.within)
    return own[0] if len(own) == 1 else [since]


def rows_of(columns: Iterable[Any], conditions: Iterable[Condition]) -> Select[*tuple[Any, ...]]:
    """Select columns, each once, of the cases for which the conditions hold."""
    return select(*{column.key: column for column in columns}.values()).where(*conditions)


def columns_of(*conditions: Condition) -> Iterator[Column[Any]]:
    """Yield the columns of a case by which conditions decide."""
    return (part for condition in conditions for part in iterate(condition) if _is_of_case(part))


def among(rows: Subquery, condition: Condition) -> Condition:
    """Return a condition on cases as the same one on rows that `rows_of` selected."""

    def column_of_rows(element: Any, **_: Any) -> Any:
        return rows.c[element.key] if _is_of_case(element) else None

    return replacement_traverse(condition, {}, column_of_rows)


def _is_of_case(part: Any) -> TypeGuard[Column[Any]]:
    return isinstance(part, Column) and part.table is Case.__table__
