"""The discussion of a proposal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, func, select, tuple_
from sqlalchemy.orm import aliased

from cps.accounts.models import Account
from cps.core.db import db
from cps.core.paging import Page, page_of, read_key
from cps.proposals.models import Comment, CommentBacking
from cps.proposals.rules import Order, Stance

LIST_SIZE = 20
MOST_REPLIES = 200
"""Replies that are read with their comment; those after them are told as a number."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its replies, oldest first. Rows have the columns of `Comment`, and `name` or None."""

    comment: Row[Any]
    replies: Sequence[Row[Any]]


_ROW: Select[*tuple[Any, ...]] = select(
    Comment.id,
    Comment.parent_id,
    Comment.account_id,
    Comment.is_official,
    Comment.stance,
    Comment.body,
    Comment.language,
    Comment.at,
    Comment.backing_count,
    Comment.is_hidden,
    Comment.hidden_reason,
    Comment.shows_name,
    Account.display_name.label("name"),
).outerjoin(Account, (Account.id == Comment.account_id) & Comment.shows_name)

_IS_OF_CASE = Comment.case_id == bindparam("case_id")


def threads(
    case_id: int,
    order: Order,
    *,
    stance: Stance | None = None,
    after: str | None = None,
    total: int | None = None,
) -> Page[Thread]:
    """Return one page of comments with their replies, in two statements.

    In one where it is known that the `total` is so small that all stand on the first page. A hidden
    comment keeps its place; pages show its reason instead of its words.
    """
    is_usual = order is Order.NEWEST and stance is None and after is None
    if is_usual and total is not None and total <= LIST_SIZE:
        return Page(_all_threads(case_id), None)
    asked = _FIRST_PAGE if is_usual else _page_asked_for(order, stance, after)
    rows = db.session.execute(asked, {"case_id": case_id}).all()
    page = page_of(rows, LIST_SIZE, lambda row: _key(row, order))
    replies = _replies(case_id, [row.id for row in page.rows])
    return Page([Thread(row, replies.get(row.id, ())) for row in page.rows], page.next_key)


def _page_asked_for(order: Order, stance: Stance | None, after: str | None) -> Select[*tuple[Any, ...]]:
    statement = _ROW.where(_IS_OF_CASE, Comment.parent_id.is_(None))
    if stance is not None:
        statement = statement.where(Comment.stance == stance)
    return _in_order(statement, order, after).limit(LIST_SIZE + 1)


def _in_order(
    statement: Select[*tuple[Any, ...]], order: Order, after: str | None
) -> Select[*tuple[Any, ...]]:
    if order is Order.BACKED:
        key = read_key(after, int, int)
        if key is not None:
            statement = statement.where(tuple_(Comment.backing_count, Comment.id) < tuple_(*key))
        return statement.order_by(Comment.backing_count.desc(), Comment.id.desc())
    one = read_key(after, int)
    if order is Order.OLDEST:
        statement = statement.where(Comment.id > one[0]) if one else statement
        return statement.order_by(Comment.id)
    statement = statement.where(Comment.id < one[0]) if one else statement
    return statement.order_by(Comment.id.desc())


_FIRST_PAGE = _page_asked_for(Order.NEWEST, None, None)
_REPLIES = (
    _ROW.where(_IS_OF_CASE, Comment.parent_id.in_(bindparam("parents", expanding=True)))
    .order_by(Comment.id)
    .limit(MOST_REPLIES)
)
"""What nearly every visitor asks for, built once: building takes longer than running it."""


_ALL = _ROW.where(_IS_OF_CASE).order_by(Comment.id).limit(MOST_REPLIES)


def _all_threads(case_id: int) -> list[Thread]:
    """Return a short discussion as a whole, newest first."""
    rows = db.session.execute(_ALL, {"case_id": case_id}).all()
    replies: dict[int, list[Row[Any]]] = {}
    for row in rows:
        replies.setdefault(row.parent_id or 0, []).append(row)
    return [Thread(row, replies.get(row.id, ())) for row in reversed(replies.get(0, ()))]


def _key(row: Row[Any], order: Order) -> tuple[int, ...]:
    return (row.backing_count, row.id) if order is Order.BACKED else (row.id,)


def _replies(case_id: int, parents: Sequence[int]) -> Mapping[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    if not parents:
        return found
    for row in db.session.execute(_REPLIES, {"case_id": case_id, "parents": parents}):
        found.setdefault(row.parent_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Talk:
    """A discussion in numbers: `counts` are the comments shown of each stance, without replies.

    The `total` has replies and hidden ones too. `mark` changes with anything said, backed, hidden or shown:
    for ETags. It is empty where nothing was said.
    """

    mark: str
    counts: Mapping[Stance, int]
    total: int


_IS_SHOWN = Comment.parent_id.is_(None) & Comment.is_hidden.is_(False)
_TALK: Select[*tuple[Any, ...]] = (
    select(
        Comment.stance,
        func.count(),
        func.max(Comment.id),
        func.sum(Comment.backing_count),
        func.sum(case((Comment.is_hidden, Comment.id), else_=0)),
        func.sum(case((_IS_SHOWN, 1), else_=0)),
    )
    .where(Comment.case_id == bindparam("case_id"))
    .group_by(Comment.stance)
    .order_by(Comment.stance)
)


def talk(case_id: int) -> Talk:
    """Return the discussion of a proposal in numbers, in one statement."""
    rows = [tuple(row) for row in db.session.execute(_TALK, {"case_id": case_id})]
    shown = {row[0]: int(row[-1]) for row in rows}
    mark = " ".join("-".join(str(value) for value in row) for row in rows)
    return Talk(mark, {stance: shown.get(stance, 0) for stance in Stance}, sum(row[1] for row in rows))


def comment(comment_id: int) -> Comment | None:
    """Return a comment."""
    return db.session.get(Comment, comment_id)


def count_since(account_id: int, since: datetime) -> int:
    """Return how many comments an account has written since a moment."""
    mine = select(func.count()).where(Comment.account_id == account_id, Comment.at >= since)
    return db.session.scalar(mine) or 0


def backed_among(account_id: int, comment_ids: Sequence[int]) -> set[int]:
    """Return which of these comments the account backs."""
    mine = select(CommentBacking.comment_id)
    mine = mine.where(CommentBacking.account_id == account_id, CommentBacking.comment_id.in_(comment_ids))
    return set(db.session.scalars(mine))


def backed_by_both(one: int, other: int) -> Sequence[int]:
    """Return the comments that two accounts both back."""
    second = aliased(CommentBacking)
    both = select(CommentBacking.comment_id).join(second, second.comment_id == CommentBacking.comment_id)
    both = both.where(CommentBacking.account_id == one, second.account_id == other)
    return db.session.scalars(both).all()


def written_by(account_id: int) -> Sequence[Comment]:
    """Return the comments of an account, locked for the running write transaction."""
    mine = select(Comment).where(Comment.account_id == account_id).with_for_update()
    return db.session.scalars(mine).all()


def backed_by(account_id: int) -> Sequence[int]:
    """Return the comments that an account backs, of others and its own."""
    mine = select(CommentBacking.comment_id).where(CommentBacking.account_id == account_id)
    return db.session.scalars(mine).all()
