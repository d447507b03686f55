"""Public lists of proposals by where they are on their road; each pages by key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    UnaryExpression,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute

from cps.cases.models import Case
from cps.cases.queries import Filter, first_photo, listed_where
from cps.cases.rules import CaseKind, Status
from cps.core.db import db
from cps.core.paging import Page, page_of, read_key
from cps.proposals.models import Delivery, Milestone, Proposal

LIST_SIZE = 20
MOST_COUNTED = 1_000

IS_PROPOSAL = Case.kind == literal_column("'proposal'")
"""Written out, so that the index of proposals alone is seen to hold for it."""


class Stage(StrEnum):
    """The lists of the road; `OVER` are those that ended without an answer."""

    GATHERING = "gathering"
    ANSWER_DUE = "answer-due"
    ANSWERED = "answered"
    IN_DELIVERY = "in-delivery"
    DONE = "done"
    OVER = "over"


STATUSES: Mapping[Stage, tuple[Status, ...]] = {
    Stage.GATHERING: (Status.GATHERING,),
    Stage.ANSWER_DUE: (Status.ANSWER_DUE,),
    Stage.ANSWERED: (Status.ANSWERED,),
    Stage.IN_DELIVERY: (Status.IN_DELIVERY,),
    Stage.DONE: (Status.DELIVERED,),
    Stage.OVER: (Status.EXPIRED, Status.WITHDRAWN),
}

_Column = ColumnElement[Any] | InstrumentedAttribute[Any]
_RANK = select(Proposal.rank).where(Proposal.case_id == Case.id).correlate(Case).scalar_subquery()
"""Looked up for each that gathers: joined to them, PostgreSQL would read all there ever were."""

_ORDER: Mapping[Stage, tuple[_Column, type, bool]] = {
    Stage.GATHERING: (_RANK, int, True),
    Stage.ANSWER_DUE: (Case.due_at, datetime, False),
}
_NEWEST_END = (Case.closed_at, datetime, True)
"""By what a list is ordered, of which type it is in a key, and whether the highest comes first."""


EVERY_ONE = Filter(CaseKind.PROPOSAL)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of proposals shows: a stage, or every one of them, narrowed by the filters of any list."""

    stage: Stage | None = Stage.GATHERING
    narrowed: Filter = EVERY_ONE


_OPEN_PART = (
    select(func.min(Milestone.promised_on))
    .where(Milestone.case_id == Case.id, Milestone.done_on.is_(None))
    .correlate(Case)
    .scalar_subquery()
)
"""The first day that was promised for a part of the delivery that is not done."""

ROW: Select[*tuple[Any, ...]] = (
    select(
        Case.id,
        Case.reference,
        Case.kind,
        Case.title,
        Case.language,
        Case.status,
        Case.outcome,
        Case.address,
        Case.lat,
        Case.lon,
        Case.received_at,
        Case.due_at,
        Case.closed_at,
        Case.support_count,
        Case.category_id,
        Case.ward_id,
        Case.department_id,
        Case.joined_to_id,
        Proposal.needed,
        Proposal.gathers_until,
        Proposal.former_supports,
        Proposal.rank,
        Delivery.percent,
        Delivery.due_on,
        _OPEN_PART.label("part_promised_on"),
        first_photo(),
    )
    .join(Proposal, Proposal.case_id == Case.id)
    .outerjoin(Delivery, Delivery.case_id == Case.id)
)
"""The columns of one row of a list. `support_count` has the former ones in it and may lag by seconds."""


def listed(wanted: Wanted, *, after: str | None = None, size: int = LIST_SIZE) -> Page[Row[Any]]:
    """Return one page of a public list in one statement, which chooses the rows before it reads them whole.

    Gathering ones come by rank, those with an answer due by its date, the others newest end first; without a
    stage the newest come first. A proposal whose rank changes while somebody pages may be seen twice.
    """
    column, kind, falls = _order(wanted.stage)
    chosen = select(Case.id, column.label("place")).where(*_where(wanted))
    key = read_key(after, kind, int)
    if key is not None:
        here = tuple_(column, Case.id)
        chosen = chosen.where(here < tuple_(*key) if falls else here > tuple_(*key))
    few = chosen.order_by(*_sorted(column, Case.id, falls=falls)).limit(size + 1).subquery("few")
    whole = ROW.join(few, few.c.id == Case.id).order_by(*_sorted(few.c.place, few.c.id, falls=falls))
    rows = db.session.execute(whole.add_columns(few.c.place)).all()
    return page_of(rows, size, lambda row: (row.place, row.id))


def _counted(stage: Stage) -> ScalarSelect[int]:
    """Return how many are at a stage, counted until there are more than `MOST_COUNTED`.

    Only proposals have these statuses: without their kind, an index alone answers. Of those that were joined
    to another all are answered.
    """
    some = select(Case.id).where(Case.is_listed.is_(True), Case.status.in_(STATUSES[stage]))
    if stage is Stage.ANSWERED:
        some = some.where(Case.joined_to_id.is_(None))
    return select(func.count()).select_from(some.limit(MOST_COUNTED + 1).subquery()).scalar_subquery()


_COUNTS = select(*(_counted(stage).label(stage.name) for stage in Stage))


def counts() -> dict[Stage, int]:
    """Return how many proposals everybody sees at each stage, without those joined to another.

    Where there are more than `MOST_COUNTED` it is one more than that, so that no page counts all of them.
    """
    return dict(zip(Stage, db.session.execute(_COUNTS).one(), strict=True))


def joined_to(case_id: int) -> Sequence[Row[Any]]:
    """Return the listed proposals that are joined to one, oldest first."""
    rows = ROW.where(Case.joined_to_id == case_id, Case.is_listed.is_(True)).order_by(Case.id)
    return db.session.execute(rows).all()


def _order(stage: Stage | None) -> tuple[_Column, type, bool]:
    if stage is None:
        return Case.received_at, datetime, True
    return _ORDER.get(stage, _NEWEST_END)


def _sorted(place: _Column, case_id: _Column, *, falls: bool) -> tuple[UnaryExpression[Any], ...]:
    return (place.desc(), case_id.desc()) if falls else (place.asc(), case_id.asc())


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [IS_PROPOSAL, *listed_where(wanted.narrowed), Case.status != Status.DRAFT]
    if wanted.stage is None:
        return conditions
    return [*conditions, Case.status.in_(STATUSES[wanted.stage]), Case.joined_to_id.is_(None)]
