"""How many support a proposal: counted from rows, once for each account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import distinct, func, or_, select

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
    number counts, because nobody can say who gave several.
    """

    counted: int
    own: int
    former: int = 0

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
    """Count the supports of a proposal with those that are joined to it, in three statements."""
    others = joined_ids(case_id)
    family = [case_id, *others]
    own = _count_accounts([case_id], case_id)
    counted = _count_accounts(family, case_id) if others else own
    former = select(func.coalesce(func.max(Proposal.former_supports), 0)).where(Proposal.case_id.in_(family))
    return Supports(counted, own, db.session.scalar(former) or 0)


def _count_accounts(family: Sequence[int], case_id: int) -> int:
    """Count who supports any of these, except the author of the one that counts."""
    author = select(Case.reporter_id).where(Case.id == case_id).scalar_subquery()
    counted = select(func.count(distinct(Support.account_id)))
    mine = or_(author.is_(None), Support.account_id != author)
    return db.session.scalar(counted.where(Support.case_id.in_(family), mine)) or 0


def supported_among(account_id: int, case_ids: Sequence[int]) -> set[int]:
    """Return which of these proposals the account supports: for the buttons of a list."""
    mine = select(Support.case_id).where(Support.account_id == account_id, Support.case_id.in_(case_ids))
    return set(db.session.scalars(mine))


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
