"""The texts of public cases, for what is learnt from them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, select, tuple_

from cps.cases.models import Case
from cps.core.db import db

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
