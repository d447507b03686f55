"""The cases that were closed last, so many and no more: where the desk looks for closed ones.

A city has years of closed cases. What few of them have would be looked for in all of them, so lists and
counts look at a window: the newest of a department by an index of its own, or the newest of the city.
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
"""Of so many departments each is looked at by itself; of more the newest of the city."""


def windows(within: Within, roles: frozenset[Role], reach: Reach) -> list[list[Condition]]:
    """Return which closed cases to look at for somebody: one window for each of few departments, or one.

    In a window can stand cases that are not theirs: `workable` has to be asked as well.
    """
    since = closed_within(within)
    if Role.INTEGRITY_OFFICER in roles:
        return [[since, workable(roles, reach)]]  # few of all, and they must not be missed
    if reach.everywhere or not 0 < len(reach.departments) <= MOST_DEPARTMENTS:
        return [[since]]
    return [[since, Case.department_id == one] for one in sorted(reach.departments)]


def window(wanted: Queue, roles: frozenset[Role], reach: Reach) -> list[Condition]:
    """Return one window, for a list in the order in which cases were closed: the narrowest with an index."""
    since = closed_within(wanted.within)
    if wanted.category_id is not None:
        return [since, Case.category_id == wanted.category_id]
    if wanted.department_id is not None:
        return [since, Case.department_id == wanted.department_id]
    found = windows(wanted.within, roles, reach)
    return found[0] if len(found) == 1 else [since]


def rows_of(columns: Iterable[Any], chosen: list[Condition]) -> Select[*tuple[Any, ...]]:
    """Select columns of the cases of a window, each once."""
    return select(*{column.key: column for column in columns}.values()).where(*chosen)


def columns_of(*conditions: Condition) -> Iterator[Column[Any]]:
    """Yield the columns of a case by which conditions decide."""
    return (part for condition in conditions for part in iterate(condition) if _is_of_case(part))


def among(chosen: Subquery, condition: Condition) -> Condition:
    """Return a condition on cases as one on rows that were chosen of them."""

    def chosen_column(element: Any, **_: Any) -> Any:
        return chosen.c[element.key] if _is_of_case(element) else None

    return replacement_traverse(condition, {}, chosen_column)


def _is_of_case(part: Any) -> TypeGuard[Column[Any]]:
    return isinstance(part, Column) and part.table is Case.__table__
