"""The discussion of a proposal: comments with one level of replies, and backing.

It is open while the proposal waits, and closed with the answer. Numbers and addresses of people in comments
are masked as they are written, and kept nowhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.cases.masking import masked
from cps.core.db import db
from cps.core.errors import NotVisible, RuleViolation, TooMany
from cps.core.i18n import gettext as _
from cps.core.upsert import insert_into
from cps.proposals import queries
from cps.proposals.models import Comment, CommentBacking
from cps.proposals.queries.comments import count_since
from cps.proposals.rules import SUPPORTABLE, Stance
from cps.proposals.rules.lengths import LONGEST_COMMENT

MOST_IN_AN_HOUR = 10
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NewComment:
    """What somebody says; the text is cleaned. `is_official` is for whoever speaks for the city."""

    body: str
    language: str = ""
    stance: Stance = Stance.REMARK
    parent_id: int | None = None
    shows_name: bool = False
    is_official: bool = False


def comment(case_id: int, new: NewComment, *, by: Account, at: datetime) -> Comment:
    """Say something about a proposal, or in reply to a comment on it.

    Raises RuleViolation where nothing is said, too much, or the discussion is closed; TooMany after ten
    comments within an hour.
    """
    accounts.lock_account(by.id)  # of several at once each counts those before it
    _must_be_open(case_id)
    if not by.is_proven:
        raise RuleViolation(_("Confirm an e-mail address or a phone number first, then you can take part."))
    if not new.body.strip():
        raise RuleViolation(_("Write what you want to say."))
    if len(new.body) > LONGEST_COMMENT:
        raise RuleViolation(_("A comment has at most %(most)s letters.", most=LONGEST_COMMENT))
    if not new.is_official and count_since(by.id, at - AN_HOUR) >= MOST_IN_AN_HOUR:
        raise TooMany(_("You have said much within an hour. Please wait a little."), retry_after=3600)
    row = Comment(
        case_id=case_id,
        parent_id=_parent(case_id, new.parent_id),
        level=0 if new.parent_id is None else 1,
        account_id=by.id,
        shows_name=new.shows_name,
        is_official=new.is_official,
        stance=new.stance,
        body=masked(new.body, new.language or "en"),
        language=new.language,
        at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def back(comment_id: int, *, by: Account, at: datetime) -> bool:
    """Find a comment right; False when this account did before. The count moves with the row."""
    row = _visible(comment_id)
    _must_be_open(row.case_id)
    if row.account_id == by.id:
        raise RuleViolation(_("This is your own comment."))
    if not by.is_proven:
        raise RuleViolation(_("Confirm an e-mail address or a phone number first, then you can take part."))
    if not _insert_once(CommentBacking, comment_id=comment_id, account_id=by.id, at=at):
        return False
    accounts.must_stand(by.id)
    _count(comment_id, +1)
    return True


def unback(comment_id: int, *, by: Account) -> bool:
    """Take one's backing of a comment back; False when there was none."""
    gone = delete(CommentBacking).where(
        CommentBacking.comment_id == comment_id, CommentBacking.account_id == by.id
    )
    if not _rows(db.session.execute(gone)):
        return False
    _count(comment_id, -1)
    return True


def _must_be_open(case_id: int) -> None:
    """Hold the proposal as supporters do, so that nobody speaks after the answer."""
    stands = queries.hold_together(case_id)
    if stands is None or not stands.is_listed:
        raise NotVisible(_("There is no proposal with this number."))
    if stands.status not in SUPPORTABLE:
        raise RuleViolation(_("The discussion of this proposal is closed."))


def _parent(case_id: int, parent_id: int | None) -> int | None:
    """Return the comment that is replied to; of a reply it is the comment above it."""
    if parent_id is None:
        return None
    row = _visible(parent_id)
    if row.case_id != case_id:
        raise NotVisible(_("There is no such comment."))
    if row.parent_id is not None:
        raise RuleViolation(_("Reply to the comment above; replies have no replies of their own."))
    return row.id


def _visible(comment_id: int) -> Comment:
    row = db.session.get(Comment, comment_id)
    if row is None or row.is_hidden:
        raise NotVisible(_("There is no such comment."))
    return row


def _insert_once(table: type[CommentBacking], **row: Any) -> bool:
    statement = insert_into(table).values(row).on_conflict_do_nothing().returning(table.comment_id)
    return db.session.execute(statement).first() is not None


def _count(comment_id: int, step: int) -> None:
    count = Comment.backing_count + step
    _run(update(Comment).where(Comment.id == comment_id).values(backing_count=count))


def _run(statement: Any) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": "fetch"})


def _rows(result: Any) -> int:
    return int(result.rowcount)
