"""One proposal, read or held while its state changes.

Whoever supports holds a proposal together with all others that support it (shared); whoever moves, counts or
joins it holds it alone. So supporters never wait for each other, nobody supports what has just ended, and a
count sees every support that was given before it. On PostgreSQL these are advisory locks, which queue fairly:
row locks would let a stream of supporters keep the worker waiting. SQLite has one writer at a time anyway.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, literal_column, select
from sqlalchemy.orm import contains_eager

from cps.cases.models import Case
from cps.cases.queries import lock_case
from cps.core.db import db
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.proposals.models import Proposal

_CLASS = 0x70726F70
"""The number of these locks among PostgreSQL's advisory locks."""
_LOCKS = 2**31

# Statements of every page are built once, not for each request: building one takes longer than running it.
_WHOLE = select(Proposal).join(Proposal.case).options(contains_eager(Proposal.case))
_BY_REFERENCE = _WHOLE.where(Case.reference == bindparam("reference"))
_STATE: Select[*tuple[Any, ...]] = (
    select(
        Case.id,
        Case.reporter_id,
        Case.status,
        Case.outcome,
        Case.is_listed,
        Proposal.gathers_until,
        Proposal.supported_at,
    )
    .join(Proposal, Proposal.case_id == Case.id)
    .where(Case.id == bindparam("case_id"))
)
_ALONE = select(func.pg_advisory_xact_lock(literal_column(str(_CLASS)), bindparam("key")))
_TOGETHER = select(func.pg_advisory_xact_lock_shared(literal_column(str(_CLASS)), bindparam("key")))


def find(reference: str) -> Proposal | None:
    """Return the proposal with its case; None when there is none of this number."""
    return db.session.scalars(_BY_REFERENCE, {"reference": reference}).one_or_none()


def get(reference: str) -> Proposal:
    """Return the proposal with its case; raises NotVisible when there is none."""
    found = find(reference)
    if found is None:
        raise NotVisible(_("There is no proposal with this number."))
    return found


def of_case(case_id: int) -> Proposal | None:
    """Return the proposal with its case."""
    return db.session.scalars(_WHOLE.where(Case.id == case_id)).one_or_none()


def hold_together(case_id: int) -> Row[*tuple[Any, ...]] | None:
    """Hold a proposal in the running transaction as supporters do; returns how it stands now.

    It has `id`, `reporter_id`, `status`, `outcome`, `is_listed`, `gathers_until`, `supported_at`.
    """
    _hold(_TOGETHER, [case_id])
    return db.session.execute(_STATE, {"case_id": case_id}).one_or_none()


def hold_alone(*case_ids: int) -> None:
    """Keep supporters and others out of these proposals until the running transaction ends."""
    _hold(_ALONE, case_ids)


def lock(reference: str, *, version: int | None = None) -> Proposal:
    """Return a proposal that the running transaction holds alone, its case locked and read anew.

    Raises NotVisible, and StaleVersion where somebody changed the case since the person saw `version`.
    """
    hold_alone(get(reference).case_id)
    lock_case(reference, version=version)
    return _anew(reference)


def lock_both(reference: str, other: str, *, version: int | None = None) -> tuple[Proposal, Proposal]:
    """Return two proposals that the running transaction holds alone; `version` is of the first."""
    hold_alone(get(reference).case_id, get(other).case_id)
    for number in sorted((reference, other)):
        lock_case(number, version=version if number == reference else None)
    return _anew(reference), _anew(other)


def _anew(reference: str) -> Proposal:
    fresh = _BY_REFERENCE.execution_options(populate_existing=True)
    return db.session.scalars(fresh, {"reference": reference}).one()


def _hold(statement: Any, case_ids: Iterable[int]) -> None:
    """Take the locks in the order of their numbers, so that no two wait for each other."""
    if db.engine.dialect.name != "postgresql":
        return
    for key in sorted({case_id % _LOCKS for case_id in case_ids}):
        db.session.execute(statement, {"key": key})
