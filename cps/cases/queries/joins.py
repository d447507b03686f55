"""Reads of complaints that are joined to one another, and the lock under which they are."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from cps.cases.models import Case, CaseEvent
from cps.cases.queries.one import JOINS
from cps.cases.rules import EventKind, Outcome
from cps.core.db import db
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _


def lock_pair(reference: str, other: str) -> tuple[Case, Case]:
    """Return two cases, both locked for the running write transaction, whichever is joined to which.

    Joins are done one after another: on PostgreSQL under one lock, taken before any case is locked. The
    cases are then locked in the order of their ids, so that nobody waits in a ring. SQLite has one writer at
    a time anyway. Raises NotVisible where one of them is not there. Two of the same number give it twice.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(JOINS)))
    both = select(Case).where(Case.reference.in_((reference, other))).order_by(Case.id)
    locked = both.with_for_update(of=Case, key_share=True).execution_options(populate_existing=True)
    found = {case.reference: case for case in db.session.scalars(locked)}
    if len(found) < len({reference, other}):
        raise NotVisible(_("There is no case with this number."))
    return found[reference], found[other]


def joined_to(case_id: int) -> Sequence[Case]:
    """Return the cases that are joined to one, in the order in which they were."""
    return db.session.scalars(select(Case).where(Case.joined_to_id == case_id).order_by(Case.id)).all()


def joined_under(case_ids: Collection[int]) -> list[int]:
    """Return the ids of the cases that are joined to these, or to one that was, and so on; not these.

    Asked generation by generation, of which there are rarely two: for a recursive statement PostgreSQL
    expects so many rows that it reads and sorts all cases of the city.
    """
    found: list[int] = []
    youngest, known = list(case_ids), set(case_ids)
    while youngest:
        children = select(Case.id).where(Case.joined_to_id.in_(youngest)).order_by(Case.id)
        youngest = [key for key in db.session.scalars(children) if key not in known]
        found += youngest
        known.update(youngest)
    return found


def newest_join(case_id: int) -> CaseEvent | None:
    """Return the event by which a case was joined to the one it is joined to; its data says how it stood."""
    joins = select(CaseEvent).where(
        CaseEvent.case_id == case_id, CaseEvent.kind == EventKind.JOINED, CaseEvent.outcome == Outcome.JOINED
    )
    return db.session.scalars(joins.order_by(CaseEvent.id.desc()).limit(1)).first()
