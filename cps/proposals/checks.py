"""What `cps doctor` recounts of proposals."""

from datetime import datetime, timedelta

from sqlalchemy import distinct, func, or_, select
from sqlalchemy.orm import aliased

from cps.cases.models import Case, Support
from cps.cases.rules import Status
from cps.core.db import db
from cps.core.doctor import Wrong, check
from cps.proposals.models import Comment, CommentBacking, Proposal, Recount, StepReached
from cps.proposals.queries.lists import IS_PROPOSAL

LATE = timedelta(minutes=10)


@check("proposals' supports")
def _supports(at: datetime) -> str:
    """Every number that lists show is the number of rows, unless the worker has yet to count it."""
    late = db.session.scalar(select(func.count()).where(Recount.since < at - LATE)) or 0
    if late:
        raise Wrong(f"{late} proposals wait for ten minutes to be counted; does the worker run?")
    wrong = db.session.scalar(
        select(func.count())
        .select_from(Case)
        .join(Proposal, Proposal.case_id == Case.id)
        .where(Case.support_count != _counted(), Case.id.not_in(select(Recount.case_id)))
    )
    if wrong:
        raise Wrong(f"{wrong} proposals say another number of supports than there are")
    total = db.session.scalar(select(func.coalesce(func.sum(Case.support_count), 0)).where(IS_PROPOSAL))
    return f"{total} counted again, none missing"


def _counted() -> object:
    """Return, as a column, the number of accounts that support a proposal or one joined to it."""
    member, former = aliased(Case), aliased(Proposal)
    family = or_(member.id == Case.id, member.joined_to_id == Case.id)
    accounts = (
        select(func.count(distinct(Support.account_id)))
        .join(member, member.id == Support.case_id)
        .where(family, or_(Case.reporter_id.is_(None), Support.account_id != Case.reporter_id))
        .correlate(Case)
        .scalar_subquery()
    )
    elsewhere = (
        select(func.coalesce(func.max(former.former_supports), 0))
        .join(member, member.id == former.case_id)
        .where(family)
        .correlate(Case)
        .scalar_subquery()
    )
    return accounts + elsewhere


@check("proposals")
def _whole(_at: datetime) -> str:
    """Every proposal has what makes it one, and the city owes an answer exactly where a step was reached."""
    without = db.session.scalar(
        select(func.count()).select_from(Case).where(IS_PROPOSAL, Case.id.not_in(select(Proposal.case_id)))
    )
    if without:
        raise Wrong(f"{without} proposals without a goal")
    unreached = db.session.scalar(
        select(func.count())
        .select_from(Case)
        .where(Case.status == Status.ANSWER_DUE, Case.id.not_in(select(StepReached.case_id)))
    )
    if unreached:
        raise Wrong(f"{unreached} proposals wait for an answer that no step obliges the city to")
    return f"{db.session.scalar(select(func.count(Proposal.case_id)))} proposals have a goal"


@check("comments")
def _comments(_at: datetime) -> str:
    counted = select(func.count()).where(CommentBacking.comment_id == Comment.id).scalar_subquery()
    wrong = db.session.scalar(select(func.count(Comment.id)).where(Comment.backing_count != counted))
    if wrong:
        raise Wrong(f"{wrong} comments say another number of backers than there are")
    return f"{db.session.scalar(select(func.count(Comment.id)))} comments, backing counted again"
