"""What an account said about proposals, what it objected to, and which polls it watches."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from cps.cases.models import Case
from cps.moderation.queries import flags_by
from cps.pages.queries.base import each
from cps.polls.models import Poll, PollWatch
from cps.proposals.models import Comment, CommentBacking, DeliveryVerdict


def comments_by(account_id: int) -> Iterator[Any]:
    """Yield (reference, moment, stance, words) of what an account said about proposals."""
    return each(
        select(Case.reference, Comment.at, Comment.stance, Comment.body)
        .join(Case, Case.id == Comment.case_id)
        .where(Comment.account_id == account_id)
        .order_by(Comment.id)
    )


def backed_comments(account_id: int) -> Iterator[Any]:
    """Yield (reference, number of the comment, moment) of every comment that an account finds right."""
    return each(
        select(Case.reference, Comment.id.label("comment"), CommentBacking.at)
        .join(Comment, Comment.id == CommentBacking.comment_id)
        .join(Case, Case.id == Comment.case_id)
        .where(CommentBacking.account_id == account_id)
        .order_by(CommentBacking.at, Comment.id)
    )


def objections_by(account_id: int) -> Iterator[Any]:
    """Yield what an account objected to, with reason, words, moment, and what a moderator answered."""
    return each(flags_by(account_id))


def verdicts_of(account_id: int) -> Iterator[Any]:
    """Yield (reference, verdict, moment) of what an account found of proposals that were delivered."""
    return each(
        select(Case.reference, DeliveryVerdict.verdict, DeliveryVerdict.at)
        .join(Case, Case.id == DeliveryVerdict.case_id)
        .where(DeliveryVerdict.account_id == account_id)
        .order_by(DeliveryVerdict.at, Case.id)
    )


def watched_polls(account_id: int) -> Iterator[Any]:
    """Yield (address, moment) of every poll whose signed heads an account gets."""
    return each(
        select(Poll.slug.label("poll"), PollWatch.at)
        .join(Poll, Poll.id == PollWatch.poll_id)
        .where(PollWatch.account_id == account_id)
        .order_by(PollWatch.at, Poll.id)
    )
