"""How many support a proposal: counted from rows, once for each account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Select, bindparam, distinct, func, or_, select, union_all
from sqlalchemy.orm import aliased

from cps.cases.models import Case, Support
from cps.cases.rules import Status
from cps.core.db import db
from cps.proposals.models import Proposal, Recount
from cps.proposals.queries.lists import IS_PROPOSAL


@dataclass(frozen=True, slots=True)
class Supports:
    """The supports of a proposal.

    `counted` are accounts here, each once: those of the proposal and those of the ones joined to it, without
    its author. `own` are those of the proposal itself, `joined` the accounts that came with the others alone.
    `former` were given on another site and cannot be told from the ones here; of joined proposals the largest
    number counts, because nobody can say who gave several. `proposals` is how many are joined to it.
    """

    counted: int
    own: int
    former: int = 0
    proposals: int = 0

    @property
    def joined(self) -> int:
        """How many support only a proposal that was joined to it."""
        return self.counted - self.own

    @property
    def total(self) -> int:
        """What is compared with the goal and shown in lists."""
        return self.counted + self.former


def joined_ids(case_id: int) -> Sequence[int]:
    """Return the proposals that are joined to one."""
    return db.session.scalars(select(Case.id).where(Case.joined_to_id == case_id).order_by(Case.id)).all()


def count(case_id: int) -> Supports:
    """Count the supports of a proposal; in one statement, and a second where others are joined to it."""
    return counted(case_id, *db.session.execute(_COUNTED, {"case_id": case_id}).one())


def counted(case_id: int, own: int, former: int, proposals: int) -> Supports:
    """Return the supports of a proposal whose own are counted, with those of the ones joined to it."""
    if not proposals:
        return Supports(own, own, former)
    together, most = db.session.execute(_TOGETHER, {"case_id": case_id}).one()
    return Supports(together, own, max(former, most or 0), proposals)


# Nothing here asks for "this one or those joined to it": for an `OR` PostgreSQL would read all proposals.
_is_other = or_(Case.reporter_id.is_(None), Support.account_id != Case.reporter_id)
OWN = (
    select(func.count())
    .where(Support.case_id == Case.id, _is_other)
    .correlate(Case)
    .scalar_subquery()
    .label("own")
)
"""How many accounts support the case of the row, without its author."""

_joined = aliased(Case)
JOINED = (
    select(func.count())
    .where(_joined.joined_to_id == Case.id)
    .correlate(Case)
    .scalar_subquery()
    .label("proposals")
)
"""How many proposals are joined to that of the row."""

_THIS = bindparam("case_id", type_=BigInteger)
_COUNTED = (
    select(OWN, Proposal.former_supports, JOINED)
    .select_from(Proposal)
    .join(Case, Case.id == Proposal.case_id)
    .where(Case.id == _THIS)
)


def _counting_together() -> Select[int, int]:
    """Build what counts each account once that supports a proposal or one of those joined to it."""
    family = union_all(
        select(_THIS.label("id")), select(_joined.id).where(_joined.joined_to_id == _THIS)
    ).cte()
    accounts = select(func.count(distinct(Support.account_id))).select_from(Support)
    accounts = accounts.join(family, family.c.id == Support.case_id).join(Case, Case.id == _THIS)
    former = (
        select(func.max(Proposal.former_supports))
        .select_from(Proposal)
        .join(_joined, _joined.id == Proposal.case_id)
    )
    return select(
        accounts.where(_is_other).scalar_subquery(),
        former.where(_joined.joined_to_id == _THIS).scalar_subquery(),
    )


_TOGETHER = _counting_together()


def proposals_backed_by(account_id: int) -> Sequence[int]:
    """Return the proposals that an account supports."""
    mine = select(Proposal.case_id).join(Support, Support.case_id == Proposal.case_id)
    return db.session.scalars(mine.where(Support.account_id == account_id)).all()


def to_recount(limit: int) -> Sequence[int]:
    """Return the proposals whose supports changed since they were counted, the longest waiting first."""
    return db.session.scalars(
        select(Recount.case_id).order_by(Recount.since, Recount.case_id).limit(limit)
    ).all()


def due_to_end(at: datetime, limit: int) -> Sequence[int]:
    """Return the proposals that gather although their time is over."""
    over = select(Proposal.case_id).join(Proposal.case)
    over = over.where(
        IS_PROPOSAL,
        Case.is_listed.in_((True, False)),  # so that the index of proposals is read, which begins with it
        Case.status == Status.GATHERING,
        Proposal.gathers_until <= at,
    )
    return db.session.scalars(over.order_by(Proposal.gathers_until).limit(limit)).all()


def family_backed_by(case_id: int, account_id: int) -> bool:
    """Return whether an account supports a proposal, or one that was joined to it."""
    family = or_(Case.id == case_id, Case.joined_to_id == case_id)
    mine = select(Support.case_id).join(Case, Case.id == Support.case_id)
    return db.session.scalar(mine.where(Support.account_id == account_id, family).limit(1)) is not None


def imported(source: str, external_ids: Sequence[str]) -> dict[str, Proposal]:
    """Return which proposals of another site are there, by their number there."""
    there = select(Case.external_id, Proposal).join(Proposal, Proposal.case_id == Case.id)
    rows = db.session.execute(there.where(Case.source == source, Case.external_id.in_(external_ids)))
    return {row.external_id: row.Proposal for row in rows}
