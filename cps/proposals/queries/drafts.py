"""Drafts of proposals: written by somebody who has an account by the end, kept for a week."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select

from cps.cases.models import Attachment, Draft
from cps.cases.rules import DRAFT_KEPT, CaseKind
from cps.core.db import db


def find_draft(token_hash: str, *, account_id: int | None, at: datetime) -> Draft | None:
    """Return the draft of this token if it may still be gone on with and is not of another account."""
    return db.session.scalar(_draft(token_hash, account_id, at))


def lock_draft(token_hash: str, *, account_id: int | None, at: datetime) -> Draft | None:
    """Return the same, loaded anew and locked for the running write transaction."""
    locked = _draft(token_hash, account_id, at).with_for_update()
    return db.session.scalar(locked.execution_options(populate_existing=True))


def draft_of_account(account_id: int, *, at: datetime) -> Draft | None:
    """Return the draft an account touched last and has not sent, on whatever device."""
    mine = select(Draft).where(
        Draft.kind == CaseKind.PROPOSAL,
        Draft.account_id == account_id,
        Draft.case_id.is_(None),
        Draft.updated_at > at - DRAFT_KEPT,
    )
    return db.session.scalar(mine.order_by(Draft.updated_at.desc(), Draft.id.desc()).limit(1))


def draft_photos(draft_id: int) -> Sequence[Attachment]:
    """Return the photos of a draft that is not sent, oldest first."""
    mine = select(Attachment).where(Attachment.draft_id == draft_id, Attachment.case_id.is_(None))
    return db.session.scalars(mine.order_by(Attachment.id)).all()


def _draft(token_hash: str, account_id: int | None, at: datetime) -> Select[Draft]:
    return select(Draft).where(
        Draft.token_hash == token_hash,
        Draft.kind == CaseKind.PROPOSAL,
        or_(Draft.account_id.is_(None), Draft.account_id == account_id),
        Draft.updated_at > at - DRAFT_KEPT,
    )
