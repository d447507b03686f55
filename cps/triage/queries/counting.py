"""How many cases each box and each saved view holds, all in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, true

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases.models import Case
from cps.cases.policy import reach_of
from cps.cases.queries import Reach
from cps.core.db import db
from cps.triage.queries.narrowing import at_desk, boxes, in_box, narrowed, selected, values_of
from cps.triage.rules import COUNTED, Box
from cps.triage.wanted import Moment, Queue, Within

MOST_COUNTED = 1_000
"""Closed cases are counted so far and no farther."""


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

    Of open cases the numbers are exact. Closed ones are counted up to `MOST_COUNTED`, and no farther back
    than a year, because years of them would have to be read.
    """
    bounded = tuple(map(_bounded, views))
    statement = _counting(db.engine.dialect.name, officer.roles, reach_of(officer), bounded)
    numbers = tuple(db.session.execute(statement, values_of(officer, moment, bounded)).one())
    of_boxes, of_views = numbers[: len(COUNTED)], numbers[len(COUNTED) :]
    found = [_count(view, number) for view, number in zip(views, of_views, strict=True)]
    return dict(zip(COUNTED, of_boxes, strict=True)), found


def _count(view: Queue, number: int) -> Count:
    if not view.is_closed:
        return Count(number)
    return Count(min(number, MOST_COUNTED), number > MOST_COUNTED or view.within is Within.EVER)


@lru_cache(maxsize=256)
def _counting(
    _dialect: str, roles: frozenset[Role], reach: Reach, views: tuple[Queue, ...]
) -> Select[*tuple[Any, ...]]:
    """Return the statement that counts; each database looks for words in its own way."""
    columns: list[ColumnElement[Any]] = [func.count().filter(boxes()[box]) for box in COUNTED]
    columns += [_view(view, roles, reach) for view in views]
    named = [column.label(f"count_{number}") for number, column in enumerate(columns)]
    return select(*named).select_from(Case).where(*at_desk(Queue(), roles, reach))


def _view(view: Queue, roles: frozenset[Role], reach: Reach) -> ColumnElement[Any]:
    """Return the count of a view: of the open cases that are read anyhow, or by a statement inside."""
    if not view.is_closed and not view.words:
        return func.count().filter(and_(true(), *in_box(view.box), *narrowed(view)))
    found = select(literal(1)).select_from(Case).where(*selected(view, roles, reach))
    if view.is_closed:
        found = found.order_by(Case.closed_at.desc(), Case.id.desc()).limit(MOST_COUNTED + 1)
    return select(func.count()).select_from(found.correlate(None).subquery()).scalar_subquery()


def _bounded(view: Queue) -> Queue:
    """Return a view that looks back no farther than a year."""
    return replace(view, within=Within.YEAR) if view.is_closed and view.within is Within.EVER else view
