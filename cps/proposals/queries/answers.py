"""What the city says of a proposal and does about it."""

from collections.abc import Sequence

from sqlalchemy import func, select

from cps.core.db import db
from cps.proposals.models import (
    Delivery,
    DeliveryVerdict,
    Milestone,
    OfficialAnswer,
    ProposalJoin,
)
from cps.proposals.rules import Verdict


def answer_of(case_id: int) -> OfficialAnswer | None:
    """Return the official answer, also while it is a draft, which only staff may see."""
    return db.session.get(OfficialAnswer, case_id)


def published_answer(case_id: int) -> OfficialAnswer | None:
    """Return the official answer that everybody reads."""
    answer = answer_of(case_id)
    return answer if answer is not None and answer.published_at is not None else None


def lock_answer(case_id: int) -> OfficialAnswer | None:
    """Return the official answer, locked for the running write transaction and read anew."""
    return db.session.get(OfficialAnswer, case_id, populate_existing=True, with_for_update=True)


def delivery_of(case_id: int) -> Delivery | None:
    """Return how what was promised is being done."""
    return db.session.get(Delivery, case_id)


def lock_delivery(case_id: int) -> Delivery | None:
    """Return the same, locked for the running write transaction and read anew."""
    return db.session.get(Delivery, case_id, populate_existing=True, with_for_update=True)


def milestones(case_id: int) -> Sequence[Milestone]:
    """Return the parts of a delivery, the one that is due first before the others."""
    mine = select(Milestone).where(Milestone.case_id == case_id)
    return db.session.scalars(mine.order_by(Milestone.due_on, Milestone.id)).all()


def milestone(case_id: int, milestone_id: int) -> Milestone | None:
    """Return a part of this delivery, locked for the running write transaction."""
    mine = select(Milestone).where(Milestone.case_id == case_id, Milestone.id == milestone_id)
    return db.session.scalars(mine.with_for_update()).one_or_none()


def verdicts(case_id: int) -> dict[Verdict, int]:
    """Return how many supporters got what they wanted; every verdict has a number."""
    rows = db.session.execute(
        select(DeliveryVerdict.verdict, func.count())
        .where(DeliveryVerdict.case_id == case_id)
        .group_by(DeliveryVerdict.verdict)
    )
    told: dict[Verdict, int] = dict(rows.all())
    return {verdict: told.get(verdict, 0) for verdict in Verdict}


def verdict_of(case_id: int, account_id: int) -> Verdict | None:
    """Return what an account said of what was delivered."""
    row = db.session.get(DeliveryVerdict, (case_id, account_id))
    return row.verdict if row is not None else None


def standing_join(case_id: int) -> ProposalJoin | None:
    """Return the join of a proposal to another, while it stands."""
    stands = select(ProposalJoin).where(ProposalJoin.case_id == case_id, ProposalJoin.undone_at.is_(None))
    return db.session.scalars(stands).one_or_none()
