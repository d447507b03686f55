"""What the desk knows of proposals: the poll that was made of one, changes of their goals."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from cps.core.db import db
from cps.core.models import AuditRow
from cps.polls.models import Poll
from cps.polls.rules import PollState
from cps.triage.models import ProposalPoll

_MADE_OF = (
    select(Poll)
    .join(ProposalPoll, ProposalPoll.poll_id == Poll.id)
    .where(ProposalPoll.case_id == bindparam("case_id"))
)


def poll_of(case_id: int) -> Poll | None:
    """Return the poll that was made of a proposal; None where there is none. Drafts are for staff alone."""
    return db.session.scalars(_MADE_OF, {"case_id": case_id}).one_or_none()


_SLUG = (
    select(Poll.slug)
    .join(ProposalPoll, ProposalPoll.poll_id == Poll.id)
    .where(ProposalPoll.case_id == bindparam("case_id"), Poll.state != PollState.DRAFT)
)


def slug_of_public_poll(case_id: int) -> str | None:
    """Return the slug of the poll that was made of a proposal, once it is more than a draft."""
    return db.session.scalar(_SLUG, {"case_id": case_id})


def goal_changes(limit: int = 20) -> Sequence[AuditRow]:
    """Return the last changes of goals of proposals and of who may support them, newest first."""
    actions = ("set-threshold", "drop-threshold", "set-proposals")
    kinds = ("threshold", "city")
    told = select(AuditRow).where(AuditRow.object_kind.in_(kinds), AuditRow.action.in_(actions))
    return db.session.scalars(told.order_by(AuditRow.id.desc()).limit(limit)).all()
