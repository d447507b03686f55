"""One page of the list as column tuples.

Statements are made once for each list that is asked for again and kept; making them costs more than running
them.
"""

from dataclasses import dataclass
from datetime import datetime
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
from cps.core.paging import Page, page_of, read_key, write_key
from cps.triage.queries import closed
from cps.triage.queries.narrowing import selected, values_of
from cps.triage.queries.orders import Order, order_of
from cps.triage.wanted import Moment, Queue

QUEUE_SIZE = 50
LOOKED_AT = 10_000
"""A page of closed cases is looked for among so many of a window."""


@dataclass(frozen=True, slots=True)
class Listed(Page[Row[*tuple[Any, ...]]]):
    """One page of the list; with `looked_to` its `next_key` leads to what was closed beyond that moment."""

    looked_to: datetime | None = None


def queue(
    wanted: Queue, officer: Account, moment: Moment, *, after: str | None = None, size: int = QUEUE_SIZE
) -> Listed:
    """Return one page of the list in one statement; a key that does not fit its order shows the first.

    The page is chosen by narrow columns that one index holds; only its own rows are read in full. A page of
    closed cases is looked for among `LOOKED_AT`: a second statement says where these end, if it is not full.
    """
    order = order_of(wanted)
    key = read_key(after, *order.key_types)
    seen = {f"seen{number}": value for number, value in enumerate(key or ())}
    is_rare = wanted.reads_cases or wanted.place is not None
    choosing = _choosing.__wrapped__ if is_rare else _choosing
    asked = (wanted, officer.roles, reach_of(officer))
    statement = choosing(*asked, is_behind=bool(seen))
    values = {**values_of(officer, moment, [wanted]), **seen, "size": size + 1, "most": LOOKED_AT}
    rows = db.session.execute(statement, values).all()
    page = page_of(rows, size, lambda row: (*_keys(row, order), row.id))
    if page.next_key is None and closed.has_window(wanted):
        last = db.session.execute(closed.end_of_window(*asked, is_behind=bool(seen)), values).one_or_none()
        if last is not None:
            return Listed(page.rows, write_key(tuple(last)), looked_to=last.closed_at)
    return Listed(page.rows, page.next_key)


def _keys(row: Any, order: Order) -> tuple[Any, ...]:
    return tuple(getattr(row, f"key{number}") for number in range(len(order.keys)))


@lru_cache(maxsize=512)
def _choosing(
    wanted: Queue, roles: frozenset[Role], reach: Reach, *, is_behind: bool
) -> Select[*tuple[Any, ...]]:
    """Return the statement of a list, behind a key where there is one."""
    order = order_of(wanted)
    if closed.has_window(wanted):
        chosen = closed.in_window(wanted, roles, reach, is_behind=is_behind)
    elif area := closed.area_to_begin_with(wanted):
        chosen = closed.in_area(area, wanted, roles, reach, is_behind=is_behind)
    else:
        every = select(Case.id, *order.columns()).where(*selected(wanted, roles, reach))
        chosen = order.choose(every, is_behind=is_behind)
    return _in_full(chosen.limit(bindparam("size")), order)


def _in_full(chosen: Select[Any], order: Order) -> Select[*tuple[Any, ...]]:
    """Select what a row of the list shows, of the chosen cases; names of the city are known elsewhere."""
    chosen_rows = chosen.subquery("chosen")
    keys = [chosen_rows.c[f"key{number}"] for number in range(len(order.keys))]
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
        .order_by(*order.directed([*keys, chosen_rows.c.id]))
    )
