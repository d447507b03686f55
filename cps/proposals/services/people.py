"""What becomes of support and words when an account is deleted, or joined to another of the same person."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from cps.accounts.partings import Parting
from cps.cases.services.forgetting import hider
from cps.core.db import db
from cps.core.many import change_rows
from cps.proposals import queries
from cps.proposals.models import Comment, CommentBacking, DeliveryVerdict
from cps.proposals.queries import comments
from cps.proposals.services.supporting import mark


def forget_person(parting: Parting) -> None:
    """Take back the account's part in proposals; comments stay without a name.

    Its supports are deleted with those of complaints; what they counted for is counted again.
    """
    _count_again(queries.proposals_backed_by(parting.account_id), parting.at)
    backed = comments.backed_by(parting.account_id)
    change_rows(delete(CommentBacking).where(CommentBacking.account_id == parting.account_id))
    _one_less(backed)
    change_rows(delete(DeliveryVerdict).where(DeliveryVerdict.account_id == parting.account_id))
    for row in comments.written_by(parting.account_id):
        row.account_id, row.shows_name = None, False
        row.body = hider({parting.name}, row.language)(row.body)
    db.session.flush()


def hand_over(old: int, new: int, at: datetime) -> None:
    """Let one person who had two accounts count once: supports are counted again, double backings end."""
    _count_again({*queries.proposals_backed_by(old), *queries.proposals_backed_by(new)}, at)
    double = comments.backed_by_both(old, new)
    change_rows(
        delete(CommentBacking).where(CommentBacking.account_id == old, CommentBacking.comment_id.in_(double))
    )
    _one_less(double)


def _count_again(case_ids: Any, at: datetime) -> None:
    queries.hold_alone(*case_ids)
    for case_id in sorted(case_ids):
        mark(case_id, at=at)


def _one_less(comment_ids: Any) -> None:
    fewer = {"backing_count": Comment.backing_count - 1}
    change_rows(update(Comment).where(Comment.id.in_(list(comment_ids))).values(fewer))
