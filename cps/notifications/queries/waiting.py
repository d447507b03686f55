"""Messages as rows: those that wait, what must not leave any more, and how many left."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select

from cps.accounts.models import RoleGrant
from cps.accounts.rules import Role
from cps.cases.integrity_models import IntegrityBar
from cps.cases.models import Case, CaseContact, Follow
from cps.core import leases
from cps.core.db import db
from cps.core.models import LimitWindow
from cps.core.sms_budget import DAY, SETTING
from cps.notifications.models import Message, SmsDay, TextMessage, Told

NEWS = "event:%"
"""Pattern of the dedupe keys of news of cases."""

TO_STAFF = ("escalation:%", "more-time:%", "partner:%")
"""Patterns of the dedupe keys of letters about one case to those who work it."""


def messages(keys: Sequence[int]) -> Sequence[Message]:
    """Return these messages, in the order of the keys."""
    found = {m.id: m for m in db.session.scalars(select(Message).where(Message.id.in_(keys)))}
    return [found[key] for key in keys if key in found]


def message(key: int) -> Message | None:
    """Return one message."""
    return db.session.get(Message, key)


def sent_to(account_id: int) -> Sequence[str]:
    """Return the dedupe keys of the mails that were sent to an account and are not forgotten."""
    sent = select(Message.dedupe_key).where(Message.account_id == account_id, Message.done_at.is_not(None))
    return db.session.scalars(sent).all()


def text_message(key: int) -> TextMessage | None:
    """Return one text message, read anew."""
    return db.session.get(TextMessage, key, populate_existing=True)


def of_hidden_cases(table: type[Message] | type[TextMessage], keys: Sequence[int]) -> Sequence[int]:
    """Return those of these waiting messages about a case that its reader may not see any more.

    Of what a moderator hid, and of what became private, only its reporter is told; of what turned out to be
    about staff or corruption of all staff and partners only its integrity officers.
    """
    news = and_(table.dedupe_key.like(NEWS), Case.is_listed.is_(False), ~_is_to_reporter(table))
    to_staff = or_(*(table.dedupe_key.like(pattern) for pattern in TO_STAFF))
    not_theirs = and_(Case.is_integrity.is_(True), to_staff, ~_is_to_integrity_officer(table))
    found = select(table.id).join(Case, Case.id == table.case_id)
    return db.session.scalars(found.where(table.id.in_(keys), or_(news, not_theirs))).all()


def _is_to_reporter(table: type[Message] | type[TextMessage]) -> ColumnElement[bool]:
    """Return the condition that a message goes to who reported its case, with an account or without."""
    address = TextMessage.phone if table is TextMessage else Message.address
    left = or_(CaseContact.email == address, CaseContact.phone == address)
    without = and_(table.account_id.is_(None), exists().where(CaseContact.case_id == Case.id, left))
    return or_(
        without, table.account_id.is_not_distinct_from(Case.reporter_id) & table.account_id.is_not(None)
    )


def _is_to_integrity_officer(table: type[Message] | type[TextMessage]) -> ColumnElement[bool]:
    """Return the condition that a message goes to an integrity officer who is not barred from its case."""
    holds = RoleGrant.account_id == table.account_id, RoleGrant.role == Role.INTEGRITY_OFFICER
    barred = IntegrityBar.case_id == Case.id, IntegrityBar.account_id == table.account_id
    return and_(exists().where(*holds), ~exists().where(*barred))


def texts_are_stopped(case_id: int, account_id: int | None) -> bool:
    """Return whether no more text messages about a case go to its reporter, or to a follower."""
    if account_id is not None:
        return db.session.get(Follow, (case_id, account_id)) is None
    contact = db.session.get(CaseContact, case_id)
    return contact is None or contact.sms_stopped_at is not None


def is_any_due(at: datetime) -> bool:
    """Return whether a message waits whose time has come."""
    due = exists().where(Message.done_at.is_(None), Message.failed_at.is_(None), Message.run_at <= at)
    return bool(db.session.scalar(select(due)))


def counts(at: datetime) -> leases.Counts:
    """Count the messages that wait, are late, or were laid aside."""
    return leases.counts(Message, at=at)


def text_counts(at: datetime) -> leases.Counts:
    """Count the text messages that wait, are late, or were laid aside."""
    return leases.counts(TextMessage, at=at)


def count_sent(table: type[Message] | type[TextMessage], *, before: datetime) -> int:
    """Return how many messages of a kind were sent before a moment."""
    return db.session.scalar(select(func.count()).where(table.done_at < before)) or 0


def sms_days(since: date) -> Sequence[SmsDay]:
    """Return what text messages came to on each day from one on."""
    return db.session.scalars(select(SmsDay).where(SmsDay.day >= since)).all()


def sms_windows(now: datetime) -> dict[tuple[str, datetime], int]:
    """Return how much of the budgets of text messages is used: by bucket and beginning of the window."""
    counted = select(LimitWindow).where(
        LimitWindow.bucket.startswith(f"{SETTING}-"), LimitWindow.window_start > now - 2 * DAY
    )
    return {(row.bucket, row.window_start): row.count for row in db.session.scalars(counted)}


def old_told(*, before: datetime, limit: int) -> Sequence[Row[int, str]]:
    """Return (account, fact) of up to `limit` things that were told before a moment."""
    return db.session.execute(
        select(Told.account_id, Told.about).where(Told.told_at < before).limit(limit)
    ).all()


def count_old_told(*, before: datetime) -> int:
    """Return how many things were told before a moment."""
    return db.session.scalar(select(func.count()).select_from(Told).where(Told.told_at < before)) or 0
