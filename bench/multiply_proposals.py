"""`python -m bench.multiply_proposals N`: make the city of the environment have N proposals, by copies.

For measuring lists and pages of very many proposals. Each copy is a proposal of its own with another number,
its story, its answer and delivery, its discussion, and every tenth of its supporters. Once `MOST_OPEN` gather
or wait for an answer only those are copied that ended: a city has not more to answer because it is old.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, insert, literal, select

from bench.bare_tables import bare
from bench.multiply import count_again, set_sequences
from bench.numbers import MOST, Numbers
from cps import create_app
from cps.cases.models import Case, CaseContact, CaseEvent, Support
from cps.cases.rules import CaseKind
from cps.core.db import db, transaction
from cps.proposals.models import (
    Comment,
    Delivery,
    DeliveryVerdict,
    Milestone,
    OfficialAnswer,
    Proposal,
    StepReached,
)

MOST_OPEN = 1_000
FEWER_SUPPORTERS = 10
"""A copy has one of so many supporters, or a hundred thousand of them would have nine million rows."""

PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (CaseEvent, ("id",)),
    (Proposal, ()),
    (StepReached, ()),
    (OfficialAnswer, ()),
    (Delivery, ()),
    (Milestone, ("id",)),
    (DeliveryVerdict, ()),
    (Comment, ("id", "parent_id")),
)
"""What hangs on a proposal, with the columns that hold keys of the table itself."""

_IS_KEPT = Support.account_id % FEWER_SUPPORTERS == 0


@dataclass(frozen=True, slots=True)
class Copies:
    """How often those that ended and those that are open are copied, and how far apart copies' ids are."""

    of_ended: int
    of_open: int
    last_case: int
    number: ColumnElement[int]
    """Tells the copies apart, from 1 on."""

    @property
    def case_ids(self) -> ColumnElement[int]:
        """How far the id of a copy is from that of its original."""
        return self.number * self.last_case

    def originals(self) -> ColumnElement[bool]:
        """Return the condition that a case is copied this often."""
        is_open = Case.closed_at.is_(None)
        often = case((is_open, self.of_open), else_=self.of_ended)
        return and_(_IS_ORIGINAL, Case.id <= self.last_case, self.number >= 1, self.number <= often)


_IS_ORIGINAL = and_(Case.kind == CaseKind.PROPOSAL, Case.joined_to_id.is_(None))
"""What was joined to another is not copied: one proposal would have thousands of them."""


def multiply(wanted: int, *, most_open: int = MOST_OPEN) -> None:
    """Copy the proposals until there are `wanted`, or a few more; with one statement for each table."""
    tables = [Case, CaseContact, Support, *(table for table, _keys in PARTS)]
    with Numbers() as numbers, bare(*(table.__tablename__ for table in tables)) as prepare:
        copies = _plan(wanted, most_open, numbers)
        with transaction():
            prepare()
            _copy_cases(copies, numbers)
            secret = literal("copy-") + cast(CaseContact.case_id + copies.case_ids, String)
            _copy(copies, numbers, CaseContact, {"secret_hash": secret})
            _copy(copies, numbers, Support, {}, _IS_KEPT)
            for table, keys in PARTS:
                last = db.session.scalar(select(func.max(getattr(table, keys[0])))) or 0 if keys else 0
                own = {key: getattr(table, key) + copies.number * last for key in keys}
                _copy(copies, numbers, table, own)
    set_sequences("cases", *(table.__tablename__ for table, keys in PARTS if keys))
    count_again()


def _plan(wanted: int, most_open: int, numbers: Numbers) -> Copies:
    """Return the copies to make; raises SystemExit where there is nothing, or too little, to copy."""
    counted = select(
        func.count().filter(Case.closed_at.is_(None)), func.count().filter(Case.closed_at.is_not(None))
    )
    opened, ended = db.session.execute(counted.where(_IS_ORIGINAL)).one()
    if not ended:
        raise SystemExit("There is no proposal that ended to copy.")
    of_open = max(0, most_open - opened) // opened if opened else 0
    missing = wanted - opened * (1 + of_open) - ended
    of_ended = max(0, -(-missing // ended))
    last_case = db.session.scalar(select(func.max(Case.id))) or 0
    if (max(of_ended, of_open) + 1) * last_case >= MOST or of_ended >= numbers.most_copies:
        raise SystemExit(f"This city has not enough proposals to make {wanted:,} of them.")
    db.session.rollback()
    return Copies(of_ended, of_open, last_case, numbers.copy)


def _copy_cases(copies: Copies, numbers: Numbers) -> None:
    key = Case.id + copies.case_ids
    supports = select(func.count()).where(Support.case_id == Case.id, _IS_KEPT).scalar_subquery()
    own: dict[str, Any] = {
        "id": key,
        "reference": numbers.reference(key),
        "external_id": numbers.digits(key),
        "support_count": supports,
        "photo_count": literal(0),
    }
    names = [column.name for column in Case.__table__.columns if column.computed is None]
    rows = select(*(own.get(name, Case.__table__.c[name]) for name in names)).select_from(Case)
    rows = numbers.join(numbers.times(rows), key).where(copies.originals())
    db.session.execute(insert(Case).from_select(names, rows))


def _copy(
    copies: Copies,
    numbers: Numbers,
    table: Any,
    own: Mapping[str, Any],
    which: ColumnElement[bool] | None = None,
) -> None:
    """Copy what hangs on the originals; `own` are the columns in which a copy differs besides its case."""
    columns = table.__table__.columns
    changed = {"case_id": table.case_id + copies.case_ids, **own}
    names = [column.name for column in columns]
    rows = select(*(changed.get(name, columns[name]) for name in names)).select_from(table)
    rows = numbers.times(rows.join(Case, Case.id == table.case_id)).where(copies.originals())
    db.session.execute(insert(table).from_select(names, rows if which is None else rows.where(which)))


if __name__ == "__main__":
    with create_app().app_context():
        multiply(int(sys.argv[1]))
