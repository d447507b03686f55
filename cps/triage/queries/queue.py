"""One page of the list as column tuples.

Statements are made once for each list that is asked for again and kept; making them costs more than running
them.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases.models import Case, CaseOriginal
from cps.cases.policy import reach_of
from cps.cases.queries import Reach, first_photo, title_at_desk
from cps.cases.queries.handing import last_answer
from cps.core.db import db
from cps.core.paging import Page, page_of, read_key
from cps.triage.queries.narrowing import selected, values_of
from cps.triage.queries.orders import Order, order_of
from cps.triage.wanted import Moment, Queue

QUEUE_SIZE = 50


def queue(
    wanted: Queue, officer: Account, moment: Moment, *, after: str | None = None, size: int = QUEUE_SIZE
) -> Page[Row[*tuple[Any, ...]]]:
    """Return one page of the list in one statement; a key that does not fit its order shows the first.

    The page is chosen by narrow columns that one index holds; only its own rows are read in full.
    """
    order = order_of(wanted)
    key = read_key(after, *order.key_types)
    seen = {f"seen{number}": value for number, value in enumerate(key or ())}
    is_rare = bool(wanted.words or wanted.place or wanted.area)
    choosing = _choosing.__wrapped__ if is_rare else _choosing
    statement = choosing(officer.roles, reach_of(officer), wanted, bool(seen))
    values = {**values_of(officer, moment, [wanted]), **seen, "size": size + 1}
    rows = db.session.execute(statement, values).all()
    return page_of(rows, size, lambda row: (*_keys(row, order), row.id))


def _keys(row: Any, order: Order) -> tuple[Any, ...]:
    return tuple(getattr(row, f"key{number}") for number in range(len(order.keys)))


@lru_cache(maxsize=512)
def _choosing(
    roles: frozenset[Role], reach: Reach, wanted: Queue, is_behind: bool
) -> Select[*tuple[Any, ...]]:
    """Return the statement of a list, behind a key where there is one."""
    order = order_of(wanted)
    chosen = select(Case.id, *order.columns()).where(*selected(wanted, roles, reach))
    return _in_full(order.choose(chosen, is_behind=is_behind).limit(bindparam("size")), order)


def _in_full(chosen: Select[Any], order: Order) -> Select[*tuple[Any, ...]]:
    """Select what a row of the list shows, of the chosen cases; names of the city are known elsewhere."""
    chosen_rows = chosen.subquery("chosen")
    keys = [chosen_rows.c[f"key{number}"] for number in range(len(order.keys))]
    ends = [*keys, chosen_rows.c.id]
    return (
        select(
            Case.id,
            Case.reference,
            Case.kind,
            title_at_desk(),
            Case.language,
            Case.status,
            Case.outcome,
            Case.priority,
            Case.received_at,
            Case.closed_at,
            Case.due_at,
            Case.paused_at,
            Case.acknowledge_by,
            Case.acknowledged_at,
            Case.address,
            Case.lat,
            Case.lon,
            Case.category_id,
            Case.department_id,
            Case.ward_id,
            Case.support_count,
            Case.has_unread_reply,
            Case.is_private,
            Case.assignee_id,
            *keys,
            last_answer(),
            Account.display_name.label("assignee_name"),
            first_photo(),
        )
        .join(chosen_rows, chosen_rows.c.id == Case.id)
        .outerjoin(CaseOriginal, CaseOriginal.case_id == Case.id)
        .outerjoin(Account, Account.id == Case.assignee_id)
        .order_by(*(one.desc() if order.goes_down else one for one in ends))
    )
