"""Reads of what several features hold about one account."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from cps.accounts.models import AccountJoin, Identity, PhoneClaim, SignInSession
from cps.cases.models import Attachment, Case, CaseContact, CaseEvent, EventOriginal, Follow, Support
from cps.cases.queries import original_message, show_originals
from cps.core.db import db
from cps.core.models import AccessRow
from cps.notices.models import Notice, NoticeFollow
from cps.notifications.models import Message, TextMessage

MOST_LOOKS = 50


@dataclass(frozen=True, slots=True)
class Held:
    """How many things of an account are held."""

    cases: int
    supported: int
    followed: int
    messages: int


def counts_about(account_id: int) -> Held:
    """Count what is held about an account, in one statement."""
    wanted = (
        select(func.count()).select_from(table).where(column == account_id).scalar_subquery()
        for table, column in (
            (Case, Case.reporter_id),
            (Support, Support.account_id),
            (Follow, Follow.account_id),
            (Message, Message.account_id),
        )
    )
    return Held(*db.session.execute(select(*wanted)).one())


def cases_with_contact(account_id: int) -> Sequence[Any]:
    """Return every case of an account as it was written, with the contact that was left, oldest first."""
    found = db.session.execute(
        select(Case, CaseContact)
        .outerjoin(CaseContact, CaseContact.case_id == Case.id)
        .where(Case.reporter_id == account_id)
        .order_by(Case.id)
    ).all()
    show_originals([case for case, _contact in found])
    return found


def photos_of(account_id: int) -> Sequence[Any]:
    """Return (name, reference of the case) of every photo an account sent: with a case, or later to one."""
    return db.session.execute(
        select(Attachment.name, Case.reference)
        .join(Case, Case.id == Attachment.case_id)
        .outerjoin(CaseEvent, CaseEvent.id == Attachment.event_id)
        .where(
            or_(
                (Case.reporter_id == account_id) & Attachment.event_id.is_(None),
                CaseEvent.actor_id == account_id,
            )
        )
        .order_by(Attachment.id)
    ).all()


def own_words(account_id: int) -> Sequence[Any]:
    """Return what an account wrote in the stories of cases, as it was written, oldest first."""
    return db.session.execute(
        select(Case.reference, CaseEvent.at, CaseEvent.kind, original_message())
        .join(Case, Case.id == CaseEvent.case_id)
        .outerjoin(EventOriginal, EventOriginal.event_id == CaseEvent.id)
        .where(CaseEvent.actor_id == account_id)
        .order_by(CaseEvent.id)
    ).all()


def taken_part(table: type[Support] | type[Follow], account_id: int) -> Sequence[Any]:
    """Return (reference, moment) of every case an account backs, or follows."""
    return db.session.execute(
        select(Case.reference, table.at)
        .join(Case, Case.id == table.case_id)
        .where(table.account_id == account_id)
        .order_by(table.at, table.case_id)
    ).all()


def followed_notices(account_id: int) -> Sequence[Any]:
    """Return (number, title by language, moment) of every notice an account wants to hear of."""
    return db.session.execute(
        select(Notice.id.label("notice"), Notice.title, NoticeFollow.at)
        .join(Notice, Notice.id == NoticeFollow.notice_id)
        .where(NoticeFollow.account_id == account_id)
        .order_by(NoticeFollow.at, Notice.id)
    ).all()


def messages_to(account_id: int) -> Sequence[Any]:
    """Return (moment, channel, language, reference of the case or None) of every message to an account."""
    return db.session.execute(
        select(Message.created_at, Message.channel, Message.language, Case.reference)
        .outerjoin(Case, Case.id == Message.case_id)
        .where(Message.account_id == account_id)
        .order_by(Message.id)
    ).all()


def texts_to(account_id: int) -> Sequence[Any]:
    """Return (moment, purpose, language, reference or None) of every text message to an account."""
    return db.session.execute(
        select(TextMessage.created_at, TextMessage.purpose, TextMessage.language, Case.reference)
        .outerjoin(Case, Case.id == TextMessage.case_id)
        .where(TextMessage.account_id == account_id)
        .order_by(TextMessage.id)
    ).all()


def accounts_joined_to(account_id: int) -> Sequence[Any]:
    """Return (moment, since when it counted) of every account that was joined to this one."""
    joined = select(AccountJoin.at, AccountJoin.counts_since).where(AccountJoin.into_id == account_id)
    return db.session.execute(joined.order_by(AccountJoin.at)).all()


def numbers_waited_for(account_id: int) -> Sequence[Any]:
    """Return (number, since when, until when) of every number of another account that this one waits for."""
    waits = select(PhoneClaim.phone, PhoneClaim.claimed_at, PhoneClaim.due_at)
    return db.session.execute(waits.where(PhoneClaim.account_id == account_id)).all()


def identities_of(account_id: int) -> Sequence[Identity]:
    """Return the proven marks of an account."""
    return db.session.scalars(select(Identity).where(Identity.account_id == account_id)).all()


def sessions_of(account_id: int) -> Sequence[SignInSession]:
    """Return every session of an account."""
    return db.session.scalars(
        select(SignInSession)
        .where(SignInSession.account_id == account_id)
        .order_by(SignInSession.created_at, SignInSession.token_hash)
    ).all()


def looks_at(account_id: int, *, most: int | None = MOST_LOOKS) -> Sequence[Any]:
    """Return (at, what, reference or None, actor_id) of staff's looks at one's data, newest first."""
    return db.session.execute(
        select(AccessRow.at, AccessRow.what, Case.reference, AccessRow.actor_id)
        .outerjoin(Case, Case.id == AccessRow.case_id)
        .where(or_(AccessRow.subject_id == account_id, Case.reporter_id == account_id))
        .order_by(AccessRow.at.desc(), AccessRow.id.desc())
        .limit(most)
    ).all()
