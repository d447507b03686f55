"""The texts of cases, for what is learnt from them, and for what is to be hidden in them."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Row, select, tuple_

from cps.cases.models import Case, CaseEvent
from cps.core.db import db

Text = TypeVar("Text", Case, CaseEvent)

_AT_ONCE = 500
_READ = (
    select(Case.id, Case.received_at, Case.title, Case.body, Case.address, Case.search_text)
    .where(Case.is_listed.is_(True))
    .order_by(Case.received_at.desc(), Case.id.desc())
    .limit(_AT_ONCE)
)


def newest_texts(most: int) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """Yield the newest public cases some at a time; the transaction may end in between."""
    statement = _READ
    for _batch in range(most // _AT_ONCE):
        rows = db.session.execute(statement).all()
        yield rows
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1]
        statement = _READ.where(tuple_(Case.received_at, Case.id) < tuple_(last.received_at, last.id))


def after(table: type[Text], last_id: int, *, limit: int) -> Sequence[Text]:
    """Return the next cases, or entries of stories, behind an identifier."""
    rows = select(table).where(table.id > last_id).order_by(table.id).limit(limit)
    return db.session.scalars(rows.execution_options(populate_existing=True)).all()


def locked(table: type[Text], ids: Sequence[int]) -> Sequence[Text]:
    """Return these, loaded anew and locked."""
    rows = select(table).where(table.id.in_(ids)).order_by(table.id).with_for_update(of=table)
    return db.session.scalars(rows.execution_options(populate_existing=True)).all()


def case_of(row: Case | CaseEvent) -> int:
    """Return which case a row is, or is the story of."""
    return row.id if isinstance(row, Case) else row.case_id
