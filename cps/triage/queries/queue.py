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
from cps.cases.policy import reach_of, workable
from cps.cases.queries import Reach, first_photo, title_at_desk
from cps.cases.queries.handing import last_answer
from cps.core.db import db
from cps.core.paging import Page, page_of, read_key, write_key
from cps.triage.queries.narrowing import narrowed, selected, values_of
from cps.triage.queries.orders import Order, order_of
from cps.triage.queries.windows import among, columns_of, rows_of, window
from cps.triage.wanted import Moment, Queue

QUEUE_SIZE = 50
LOOKED_AT = 50_000
"""A page of closed cases is looked for among so many."""


@dataclass(frozen=True, slots=True)
class Listed(Page[Row[*tuple[Any, ...]]]):
    """One page of the list.

    `looked_to`: there may be more, closed beyond that moment; `next_key` leads on from there.
    """

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
    is_rare = bool(wanted.words or wanted.place or wanted.area)
    choosing = _choosing.__wrapped__ if is_rare else _choosing
    statement = choosing(officer.roles, reach_of(officer), wanted, bool(seen))
    values = {**values_of(officer, moment, [wanted]), **seen, "size": size + 1, "most": LOOKED_AT}
    rows = db.session.execute(statement, values).all()
    page = page_of(rows, size, lambda row: (*_keys(row, order), row.id))
    if page.next_key is None and _has_window(wanted):
        last = db.session.execute(
            _end_of_window(officer.roles, reach_of(officer), wanted, bool(seen)), values
        )
        if end := last.one_or_none():
            return Listed(page.rows, write_key(tuple(end)), looked_to=end.closed_at)
    return Listed(page.rows, page.next_key)


def _keys(row: Any, order: Order) -> tuple[Any, ...]:
    return tuple(getattr(row, f"key{number}") for number in range(len(order.keys)))


@lru_cache(maxsize=512)
def _choosing(
    roles: frozenset[Role], reach: Reach, wanted: Queue, is_behind: bool
) -> Select[*tuple[Any, ...]]:
    """Return the statement of a list, behind a key where there is one."""
    order = order_of(wanted)
    if _has_window(wanted):
        return _in_full(_in_window(roles, reach, wanted, is_behind).limit(bindparam("size")), order)
    chosen = select(Case.id, *order.columns()).where(*selected(wanted, roles, reach))
    return _in_full(order.choose(chosen, is_behind=is_behind).limit(bindparam("size")), order)


def _has_window(wanted: Queue) -> bool:
    """Whether a list is looked for among a number of closed cases; words and places have an index of all."""
    return wanted.is_closed and not wanted.words and not wanted.area


def _in_window(
    roles: frozenset[Role], reach: Reach, wanted: Queue, is_behind: bool
) -> Select[*tuple[Any, ...]]:
    """Select the cases of a list among so many, in their order."""
    order = order_of(wanted)
    conditions = [workable(roles, reach), *narrowed(wanted, among_few=True)]
    used = [Case.id, *order.keys, *columns_of(*conditions)]
    looked_at = order.choose(rows_of(used, window(wanted, roles, reach)), is_behind=is_behind)
    rows = looked_at.limit(bindparam("most")).subquery("looked_at")
    keys = [rows.c[key.key].label(f"key{number}") for number, key in enumerate(order.keys)]
    found = select(rows.c.id, *keys).where(*(among(rows, one) for one in conditions))
    if db.engine.dialect.name == "postgresql":
        return found.order_by(*(one.desc() if order.goes_down else one for one in (*keys, rows.c.id)))
    return found  # SQLite goes through them in their order, and would read all to sort them once more


@lru_cache(maxsize=512)
def _end_of_window(
    roles: frozenset[Role], reach: Reach, wanted: Queue, is_behind: bool
) -> Select[*tuple[Any, ...]]:
    """Select the key of the last case that is looked at, where there are as many."""
    order = order_of(wanted)
    looked_at = rows_of([*order.keys, Case.id], window(wanted, roles, reach))
    return order.choose(looked_at, is_behind=is_behind).offset(bindparam("most") - 1).limit(1)


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
